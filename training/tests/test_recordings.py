"""Run: python -m pytest training/tests/test_recordings.py"""

import csv
import json

import numpy as np
import pytest
import soundfile

from training import recordings


def sine(rate: int, seconds: float = 0.5, frequency: float = 1000.0, channels: int = 1) -> np.ndarray:
    """f64 [samples, channels], with a short fade at its end"""
    x = 0.3 * np.sin(2 * np.pi * frequency * np.arange(round(rate * seconds)) / rate)
    return np.repeat(x[:, None], channels, 1)


def noise(seconds: float, rate: int = 32000) -> np.ndarray:
    return 0.1 * np.random.default_rng(1).standard_normal(round(rate * seconds))


def write(folder, name: str, x=None, rate: int = 32000, subtype: str = "PCM_16"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sine(rate) if x is None else x, rate, subtype=subtype)
    return path


def write_csv(folder, rows: list[dict], name: str = "captions.csv"):
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def captions_by_file(manifest) -> dict[str, list[str]]:
    return {label["file"]: label["captions"] for _, label in recordings.read(manifest)}


def read_one(folder, x, rate: int = 32000, subtype: str = "PCM_16", name: str = "a.wav") -> tuple[np.ndarray, dict]:
    """f64 [samples] in full scale ±1, label"""
    write(folder, name, x, rate, subtype)
    ((pcm, label),) = recordings.read(write_csv(folder, [{"file": name, "caption": "a sound"}]))
    assert pcm.dtype == np.int16 and len(pcm) % 640 == 0
    return pcm / 32767, label


def decibels(power: float) -> float:
    return 10 * np.log10(power)


def loudest_50_ms(x: np.ndarray) -> float:
    return decibels(max(np.mean(x[i : i + 1600] ** 2) for i in range(0, max(1, len(x) - 1600), 80)))


# Rates, channels, sample formats


@pytest.mark.parametrize("rate", (8000, 16000, 22050, 44100, 48000, 96000))
@pytest.mark.parametrize(
    ("channels", "name", "subtype"), ((1, "a.wav", "PCM_24"), (2, "a.wav", "FLOAT"), (2, "a.flac", "PCM_16"))
)
def test_a_sine_keeps_its_frequency_and_length(tmp_path, rate, channels, name, subtype):
    x, label = read_one(tmp_path, sine(rate, 0.5, 1000, channels), rate, subtype, name)
    peak = np.argmax(np.abs(np.fft.rfft(x[:16000]))) * 2  # bins of 2 Hz
    assert peak == 1000
    assert 0.5 * 32000 < len(x) <= 0.6 * 32000 + 1280
    assert label["file"] == name and not label["loop"]


@pytest.mark.parametrize("subtype", ("PCM_16", "PCM_24", "FLOAT"))
def test_channels_are_averaged(tmp_path, subtype):
    left, right = sine(32000, frequency=500), sine(32000, frequency=3000)
    x, _ = read_one(tmp_path, np.hstack((left, right)), subtype=subtype)
    spectrum = np.abs(np.fft.rfft(x[:16000]))
    assert sorted(np.argsort(spectrum)[-2:] * 2) == [500, 3000]


# Onset, length, loudness, end


def test_a_one_shot_starts_within_20_ms_and_ends_in_silence(tmp_path):
    x, label = read_one(tmp_path, np.concatenate((np.zeros(20000), sine(32000)[:, 0], np.zeros(20000))))
    assert np.argmax(np.abs(x) > 0.5 * np.abs(x).max()) < 0.02 * 32000
    assert np.abs(x[-3200:]).max() < 1e-4
    assert len(x) < 0.65 * 32000 and not label["loop"]


def test_quiet_hiss_before_a_sound_is_cut(tmp_path):
    hiss = 0.3 * 10 ** (-60 / 20) * np.random.default_rng(0).uniform(-1, 1, 32000)
    x, _ = read_one(tmp_path, np.concatenate((hiss, sine(32000)[:, 0])), subtype="PCM_24")
    assert np.argmax(np.abs(x) > 0.5 * np.abs(x).max()) < 0.02 * 32000


def test_an_offset_is_no_sound(tmp_path):
    x, _ = read_one(tmp_path, 0.2 + np.concatenate((np.zeros(16000), 0.3 * sine(32000)[:, 0], np.zeros(16000))))
    assert np.argmax(np.abs(x) > 0.5 * np.abs(x).max()) < 0.06 * 32000 and abs(x.mean()) < 0.005


@pytest.mark.parametrize("gain", (0.01, 0.2, 3.0))
def test_one_shots_are_brought_to_minus_14_dbfs(tmp_path, gain):
    x, label = read_one(tmp_path, gain * sine(32000), subtype="FLOAT")
    assert loudest_50_ms(x) == pytest.approx(-14, abs=0.3) and not label["loop"]


@pytest.mark.parametrize("gain", (0.05, 1.0))
def test_a_steady_sound_is_a_loop_of_3_2_s_at_minus_20_dbfs(tmp_path, gain):
    x, label = read_one(tmp_path, gain * noise(4.5), subtype="PCM_24")
    assert label["loop"] and len(x) == 102400
    assert decibels(np.mean(x**2)) == pytest.approx(-20, abs=0.3)
    assert decibels(np.mean(x[-960:] ** 2)) == pytest.approx(-20, abs=1.5)


@pytest.mark.parametrize(("quietest", "loop"), ((-10, True), (-14, False)))
def test_a_loop_varies_by_less_than_12_db(tmp_path, quietest, loop):
    x = noise(3.2)
    x[48000:60000] *= 10 ** (quietest / 20)
    assert read_one(tmp_path, x)[1]["loop"] == loop


def test_a_short_steady_sound_is_a_one_shot(tmp_path):
    assert not read_one(tmp_path, noise(1.0))[1]["loop"]


def test_of_a_long_recording_the_loudest_part_is_kept_from_its_onset(tmp_path):
    x = 1e-3 * noise(12.0)
    for second, gain in ((1.0, 0.1), (6.5, 0.9), (11.0, 0.5)):
        start = round(second * 32000)
        x[start : start + 9600] += gain * sine(32000, 0.3, 200 * second)[:, 0]
    kept, _ = read_one(tmp_path, x, subtype="PCM_24")
    assert np.argmax(np.abs(kept) > 0.5 * np.abs(kept).max()) < 0.02 * 32000
    spectrum = np.abs(np.fft.rfft(kept[:9600]))
    assert np.argmax(spectrum) * 32000 / 9600 == pytest.approx(1300, abs=4)
    assert len(kept) <= 3.3 * 32000


@pytest.mark.parametrize("length", (102400, 102401, 102720, 103000))
def test_lengths_about_3_2_s(tmp_path, length):
    x = noise(3.3)[:length] * np.linspace(0.0, 1, length)
    assert 96000 < len(read_one(tmp_path, x)[0]) <= 105600


# Manifests


def test_audiocaps_rows_of_one_file_give_several_captions(tmp_path):
    write(tmp_path, "abc_30.wav"), write(tmp_path, "audio/-def.flac"), write(tmp_path, "wav/104.wav")
    columns = ("audiocap_id", "youtube_id", "start_time", "caption")
    rows = (
        (101, "abc", 30, "a dog barks"),
        (102, "abc", 30, "a dog barks twice"),
        (103, "-def", 0, "rain"),
        (104, "ghi", 7, "wind"),
    )
    found = captions_by_file(write_csv(tmp_path, [dict(zip(columns, row)) for row in rows]))
    assert found == {"abc_30.wav": ["a dog barks", "a dog barks twice"], "audio/-def.flac": ["rain"], "wav/104.wav": ["wind"]}


def test_clotho(tmp_path):
    write(tmp_path, "audio/Rain, hard.wav")
    texts = ["rain falls", "hard rain", "", "water", "rain falls"]
    row = {"file_name": "Rain, hard.wav"} | {f"caption_{i}": text for i, text in enumerate(texts, 1)}
    assert captions_by_file(write_csv(tmp_path, [row])) == {"audio/Rain, hard.wav": ["rain falls", "hard rain", "water"]}


def test_wavcaps(tmp_path):
    write(tmp_path, "180913.flac"), write(tmp_path, "Yxyz.flac")
    rows = [
        {"id": "180913", "file_name": "My Door.wav", "caption": "a door closes", "duration": 1.5},
        {"id": "Yxyz.wav", "caption": "a bell", "duration": 10},
    ]
    (tmp_path / "fsd.json").write_text(json.dumps({"num_captions_per_audio": 1, "data": rows}, indent=1))
    assert captions_by_file(tmp_path / "fsd.json") == {"180913.flac": ["a door closes"], "Yxyz.flac": ["a bell"]}


@pytest.mark.parametrize("key", ("file", "audio", "path", "file_name", "id"))
@pytest.mark.parametrize("captions", ({"caption": "a"}, {"captions": ["a", "b"]}, {"captions": "a"}))
def test_json_lines(tmp_path, key, captions):
    write(tmp_path, "deep/one.wav"), write(tmp_path, "2.wav")
    lines = [{key: "deep/one.wav"} | captions, {key: 2} | captions]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    expected = next(iter(captions.values()))
    expected = expected if isinstance(expected, list) else [expected]
    assert captions_by_file(tmp_path / "a.jsonl") == {"deep/one.wav": expected, "2.wav": expected}


@pytest.mark.parametrize("head", ("file,caption", "\ufeffPath , Caption"))
def test_plain_csv(tmp_path, head):
    path = write(tmp_path, "a.wav")
    (tmp_path / "a.csv").write_text(f'{head}\na.wav,"one, ""two"""\n{path},three\na.wav\n', encoding="utf-8")
    assert captions_by_file(tmp_path / "a.csv") == {"a.wav": ['one, "two"', "three"]}


def test_a_manifest_named_from_the_working_directory(tmp_path, monkeypatch):
    write(tmp_path, "a.wav"), write_csv(tmp_path, [{"file": "a.wav", "caption": "a"}])
    monkeypatch.chdir(tmp_path)
    assert captions_by_file(recordings.pathlib.Path("captions.csv")) == {"a.wav": ["a"]}


def test_the_label(tmp_path):
    _, label = read_one(tmp_path, sine(32000))
    expected = {"seed": None, "set": "recordings", "relation": "single", "space": "", "distance": 0.0, "events": []}
    assert label == expected | {"loop": False, "file": "a.wav", "captions": ["a sound"]}
    assert json.loads(json.dumps(label)) == label


def test_captions_are_one_line_of_at_most_256_plain_characters(tmp_path):
    write(tmp_path, "a.wav")
    texts = ["  a\tdog \n barks\x07\x1b[31m ", "\u202ea \u200bcat\ud800", "x" * 400, " \x00 ", None, 7]
    (tmp_path / "a.jsonl").write_text(json.dumps({"file": "a.wav", "captions": texts}))
    assert captions_by_file(tmp_path / "a.jsonl") == {"a.wav": ["a dog barks[31m", "a cat", "x" * 256]}


# What cannot be used


def test_broken_files_are_skipped_and_named(tmp_path, capsys):
    write(tmp_path, "good.wav")
    (tmp_path / "header.wav").write_bytes((tmp_path / "good.wav").read_bytes()[:30])
    (tmp_path / "cut.flac").write_bytes(write(tmp_path, "whole.flac", noise(2.0)).read_bytes()[:20000])
    (tmp_path / "text.wav").write_text("this is a text")
    (tmp_path / "nothing.wav").write_bytes(b"")
    (tmp_path / "speech.mp3").write_bytes(b"ID3")
    write(tmp_path, "empty.wav", np.zeros(0)), write(tmp_path, "silence.wav", np.zeros(32000))
    write(tmp_path, "short.wav", sine(32000, 0.03)), write(tmp_path, "speechless.wav")
    write(tmp_path, "nan.wav", np.full(32000, np.nan), subtype="FLOAT"), write(tmp_path, "slow.wav", rate=100)
    reasons = {
        "header.wav": "broken",
        "cut.flac": "broken",
        "text.wav": "broken",
        "nothing.wav": "broken",
        "speech.mp3": "neither WAV nor FLAC",
        "empty.wav": "empty",
        "silence.wav": "silent",
        "short.wav": "30 ms",
        "speechless.wav": "no caption",
        "nan.wav": "no numbers",
        "slow.wav": "100 Hz",
        "missing.wav": "no such file",
    }
    rows = [{"file": name, "caption": "" if name == "speechless.wav" else "a"} for name in ("good.wav", *reasons, "missing.wav")]
    assert captions_by_file(write_csv(tmp_path, [*rows, {"file": "", "caption": "a"}])) == {"good.wav": ["a"]}
    *lines, summary = capsys.readouterr().err.splitlines()
    for name, reason in reasons.items():
        (line,) = (line for line in lines if line.startswith(f"recordings: skipped {name}: "))
        assert reason in line
    assert any(line.startswith("recordings: skipped row 15: it names no file") for line in lines)
    assert summary == "recordings: 1 read, 13 skipped" and len(lines) == 13


def test_twenty_lines_then_a_count(tmp_path, capsys):
    write(tmp_path, "a.wav")
    manifest = write_csv(tmp_path, [{"file": name, "caption": "a"} for name in ("a.wav", *map(str, range(30)))])
    assert captions_by_file(manifest) == {"a.wav": ["a"]}
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 22 and lines[20:] == ["recordings: skipped 10 more", "recordings: 1 read, 30 skipped"]


def test_paths_that_leave_the_folder_are_refused(tmp_path, capsys):
    outside, folder = write(tmp_path, "secret.wav"), tmp_path / "set"
    write(folder, "a.wav"), write(folder, "secret.wav")
    names = ("a.wav", "../secret.wav", "audio/../../secret.wav", str(outside), "../set-b/secret.wav")
    assert captions_by_file(write_csv(folder, [{"file": name, "caption": "a"} for name in names])) == {"a.wav": ["a"]}
    lines = capsys.readouterr().err.splitlines()
    for name in names[1:]:
        assert f"recordings: skipped {name}: its path leaves the folder of the manifest" in lines


def test_lines_that_are_not_json_are_skipped(tmp_path, capsys):
    write(tmp_path, "a.wav")
    (tmp_path / "a.jsonl").write_text('{"file": "a.wav", "caption": "a\u2028b"}\r\n{"file": \n[1]\n', encoding="utf-8")
    assert captions_by_file(tmp_path / "a.jsonl") == {"a.wav": ["a b"]}
    assert "recordings: 1 read, 2 skipped" in capsys.readouterr().err


@pytest.mark.parametrize("text", ("sound,words\na.wav,b\n", '{"sound": "a.wav", "words": "b"}', '{"words": 1}\n{"sound": 2}'))
def test_an_unknown_layout_names_the_manifest_its_columns_and_what_is_understood(tmp_path, text):
    manifest = tmp_path / "strange.txt"
    manifest.write_text(text)
    with pytest.raises(ValueError, match=r"recordings: the layout of .*strange\.txt is unknown.*CSV with a header") as error:
        recordings.read(manifest)
    assert "words" in str(error.value)


@pytest.mark.parametrize("content", (None, b"RIFF\xff\xfe\x00\x80", b"[" * 100000, b"", b"{}", b"[]", b'{"data": 3}'))
def test_a_manifest_that_cannot_be_read_is_named(tmp_path, content):
    manifest = tmp_path / "captions.csv"
    if content is not None:
        manifest.write_bytes(content)
    with pytest.raises(ValueError, match=r"recordings: the (manifest|layout of) .*captions\.csv"):
        recordings.read(manifest)


def test_nothing_readable_is_an_error_that_names_the_manifest(tmp_path):
    manifest = write_csv(tmp_path, [{"file": "a.wav", "caption": "a"}])
    with pytest.raises(ValueError, match=r"recordings: nothing of .*captions\.csv could be read, 1 files skipped"):
        list(recordings.read(manifest))
