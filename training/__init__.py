"""Training of foley-tiny: synthesised sounds, codec, token language model, export, judge. `ls training` is the syllabus."""
