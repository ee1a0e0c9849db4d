"""Transcripts of any ordinary form, and those that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vertebra.kit.files.labels import message, remedy
from vertebra.kit.files.problems import Code, Refused
from vertebra.kit.files.transcripts import LONGEST, Line, read_transcript

VTT = """WEBVTT - meeting

NOTE made by a machine

1
00:00:01.000 --> 00:00:04.000 align:start
<v Inès Barbier>Qu’est-ce qui vous <i>coûte</i> le plus&nbsp;?</v>

00:01:05.500 --> 00:01:09.000
<v Karim>On apprend les sorties
par les clients.</v>
"""
SRT = (
    "1\r\n00:00:01,000 --> 00:00:04,000\r\nInès : On découvre les évolutions après les clients.\r\n\r\n"
    "2\r\n00:00:05,000 --> 00:00:06,000\r\nInès : Ça a été décidé à côté, très tôt.\r\n"
)


def test_webvtt_tells_who_and_when() -> None:
    assert read_transcript(VTT.encode(), "a.vtt") == [
        Line("Qu’est-ce qui vous coûte le plus ?", "Inès Barbier", 1),
        Line("On apprend les sorties par les clients.", "Karim", 65),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac_roman"])
def test_srt_is_read_in_any_encoding(encoding: str) -> None:
    assert read_transcript(SRT.encode(encoding), "A.SRT") == [
        Line("On découvre les évolutions après les clients. Ça a été décidé à côté, très tôt.", "Inès", 1)
    ]


def test_text_keeps_its_lines_and_names_those_who_speak_twice() -> None:
    text = "[00:01:02] Inès: Bonjour\nKarim: Oui\nInès: Alors?\nKarim: Attention: trop tard\nNote: une fois"
    assert read_transcript(text.encode(), "a.txt") == [
        Line("Bonjour", "Inès", 62),
        Line("Oui", "Karim"),
        Line("Alors?", "Inès"),
        Line("Attention: trop tard", "Karim"),
        Line("Note: une fois"),
    ]


def test_words_after_a_blank_line_belong_to_the_cue_before() -> None:
    srt = "1\n00:00:01,000 --> 00:00:04,000\nUn\n\ndeux\n\n2\n00:00:05,000 --> 00:00:09,000\ntrois\n"
    assert [line.text for line in read_transcript(srt.encode(), "a.srt")] == ["Un deux trois"]


@pytest.mark.parametrize(
    ("content", "name", "code", "line"),
    [
        (b"PK\x03\x04", "a.docx", Code.TRANSCRIPT_UNKNOWN, None),
        (b"hello", "transcript", Code.TRANSCRIPT_UNKNOWN, None),
        (b"1\n00:00:01,000 --> 00:00:02,000\nhello", "a.vtt", Code.NOT_WEBVTT, 1),
        (b"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03 -> 00:04\nb", "a.srt", Code.TIME_UNREADABLE, 6),
        (b"WEBVTT\n\n00:99:01.000 --> 00:00:02.000\nhello", "a.vtt", Code.TIME_UNREADABLE, 3),
        (b"Some words\n\n1\n00:00:01,000 --> 00:00:02,000\na", "a.srt", Code.TIME_MISSING, 1),
        (b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\n", "a.vtt", Code.NOTHING_SAID, None),
        (b" \n\n", "a.txt", Code.NOTHING_SAID, None),
        (b"", "a.txt", Code.FILE_EMPTY, None),
        (b"a\0b\0\0", "a.txt", Code.NUL_BYTES, 1),
    ],
)
def test_what_is_no_transcript_is_refused_with_its_line_and_a_remedy(
    content: bytes, name: str, code: Code, line: int | None
) -> None:
    with pytest.raises(Refused) as refused:
        read_transcript(content, name)
    assert (refused.value.problem.code, refused.value.problem.line) == (code, line)
    assert "%" not in message(refused.value.problem) and remedy(refused.value.problem)


@given(st.text(max_size=400), st.sampled_from(["a.vtt", "a.srt", "a.txt"]))
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    for start in ("", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n"):
        try:
            lines = read_transcript((start + text).encode("utf-8", "surrogatepass"), name)
        except Refused:
            continue
        assert all(line.text.strip() and len(line.text) <= LONGEST for line in lines)


WORDS = st.text("abcdefghij éà’", min_size=1, max_size=60).map(str.strip).filter(bool)


@given(st.lists(WORDS, min_size=1, max_size=30))
def test_no_word_of_a_conversation_is_lost(said: list[str]) -> None:
    vtt, srt = "WEBVTT\n\n", ""
    for at, words in enumerate(said):
        vtt += f"00:{at // 60:02}:{at % 60:02}.000 --> 00:59:59.000\n<v S{at % 2}>{words}\n\n"
        srt += f"{at + 1}\n00:{at // 60:02}:{at % 60:02},000 --> 00:59:59,000\n{words}\n\n"
    expected = " ".join(" ".join(said).split())
    for content, name in ((vtt, "a.vtt"), (srt, "a.srt"), ("\n".join(said), "a.txt")):
        lines = read_transcript(content.encode(), name)
        assert " ".join(line.text for line in lines) == expected


def test_ten_megabytes_are_read_and_eleven_refused() -> None:
    cue = "00:00:01.000 --> 00:00:04.000\n<v Karim>On apprend les sorties par les clients, encore.</v>\n\n"
    large = ("WEBVTT\n\n" + cue * (10 * 2**20 // len(cue.encode()) - 1)).encode()
    assert len(read_transcript(large, "a.vtt")) > 10_000
    with pytest.raises(Refused) as refused:
        read_transcript(large + b" " * 2**20, "a.vtt")
    assert refused.value.problem.code == Code.FILE_TOO_LARGE


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<v." * 100_000),
        ("a.srt", "1\n00:01.000 --> 00:02.000\nYes.\n\n" + " " * 100_000 + "x"),
    ],
)
def test_a_file_made_to_take_long_takes_no_longer(name: str, content: str) -> None:
    read_transcript(content.encode(), name)
