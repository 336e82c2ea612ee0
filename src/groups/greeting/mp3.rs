//! The structure of an MP3 file: frames one after another, perhaps between tags.

use super::audio::{Kind, Sound, Unfit};

/// Bit rates in kbit/s by their index; index 0 is "free", 15 is forbidden.
const RATES_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/// Samples a second of MPEG 1; of MPEG 2 half, of MPEG 2.5 a quarter.
const SPEEDS: [u32; 4] = [44_100, 48_000, 32_000, 0];

/// What the head of a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    /// With its head, in bytes.
    size: usize,
    /// Samples a second.
    speed: u32,
    /// Samples of each channel in it.
    samples: u32,
    /// Where an encoder's note stands, when there is one.
    note_at: usize,
    mono: bool,
}

impl Frame {
    fn read(bytes: &[u8]) -> Option<Frame> {
        let [0xff, b, c, d] = *bytes.first_chunk::<4>()? else { return None };
        let is_layer_3 = b & 0xe6 == 0xe2;
        let (is_1, slower) = match b >> 3 & 3 {
            3 => (true, 1),
            2 => (false, 2),
            0 => (false, 4),
            _ => return None,
        };
        let rate = *if is_1 { RATES_1 } else { RATES_2 }.get(usize::from(c >> 4))?;
        let speed = SPEEDS[usize::from(c >> 2 & 3)] / slower;
        if !is_layer_3 || rate == 0 || speed == 0 {
            return None;
        }
        let samples = if is_1 { 1152 } else { 576 };
        let size = (samples / 8 * rate * 1000 / speed + u32::from(c >> 1 & 1)) as usize;
        let mono = d >> 6 == 3;
        let note_at = 4 + match (is_1, mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Frame { size, speed, samples, note_at, mono })
    }

    /// May both be of one file?
    fn resembles(&self, other: &Frame) -> bool {
        (self.speed, self.samples, self.mono) == (other.speed, other.samples, other.mono)
    }

    /// Does this frame hold an encoder's note, and no sound? How many frames of sound it promises, when it says.
    fn note(&self, bytes: &[u8]) -> Option<Option<u32>> {
        let promised = |at: usize| bytes.get(at..at + 4).map(|n| u32::from_be_bytes([n[0], n[1], n[2], n[3]]));
        let note = bytes.get(self.note_at..self.size)?;
        if note.starts_with(b"Xing") || note.starts_with(b"Info") {
            return Some(if note.get(7).is_some_and(|flags| flags & 1 == 1) { promised(self.note_at + 8) } else { None });
        }
        bytes.get(36..40).is_some_and(|note| note == b"VBRI").then(|| promised(36 + 14))
    }
}

/// The frames without the tags, each measured against the bytes that are there.
pub(super) fn sound(bytes: &[u8]) -> Result<Sound, Unfit> {
    let start = after_tags(bytes);
    let first = Frame::read(&bytes[start..]).ok_or(Unfit::NotAudio)?;
    let mut frames = Vec::with_capacity(bytes.len() - start);
    let (mut at, mut count, mut promised) = (start, 0u32, None);
    while let Some(frame) = Frame::read(&bytes[at..]).filter(|frame| frame.resembles(&first)) {
        let Some(content) = bytes.get(at..at + frame.size) else { return Err(Unfit::Damaged) };
        match frame.note(content) {
            Some(note) if at == start => promised = note,
            _ => {
                frames.extend_from_slice(content);
                count += 1;
            }
        }
        at += frame.size;
    }
    if at < bytes.len() && !is_end(&bytes[at..]) {
        // Four bytes of anything may look like a head; a second one is no accident.
        return Err(if count + u32::from(promised.is_some()) < 2 { Unfit::NotAudio } else { Unfit::Damaged });
    }
    if promised.is_some_and(|promised| promised > count) {
        return Err(Unfit::Damaged);
    }
    if count == 0 {
        return Err(Unfit::NoSound);
    }
    let millis = (u64::from(count) * u64::from(first.samples) * 1000).div_ceil(u64::from(first.speed)) as i64;
    Ok(Sound { kind: Kind::Mp3, millis, bytes: frames })
}

/// Where the frames begin: after tags with titles and pictures, and the empty bytes that some programs leave behind them.
fn after_tags(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some([b'I', b'D', b'3', _, _, flags, sizes @ ..]) = bytes.get(at..).and_then(|rest| rest.first_chunk::<10>())
        && sizes.iter().all(|byte| *byte < 0x80)
    {
        let size = sizes.iter().fold(0usize, |size, byte| size << 7 | usize::from(*byte));
        let footer = if flags & 0x10 == 0 { 0 } else { 10 };
        at = (at + 10 + size + footer).min(bytes.len());
    }
    at + bytes[at..].iter().take_while(|byte| **byte == 0).count()
}

/// Tags and empty bytes, as they stand behind the last frame.
fn is_end(rest: &[u8]) -> bool {
    rest.starts_with(b"TAG") && rest.len() == 128
        || [&b"APETAGEX"[..], b"LYRICSBEGIN", b"ID3"].iter().any(|tag| rest.starts_with(tag))
        || rest.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::super::audio::*;

    /// Silence of `frames` frames of MPEG 1, 128 kbit/s, 44.1 kHz, stereo: 26 ms each.
    fn silence(frames: usize) -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x04]);
        frame.repeat(frames)
    }

    fn tag(size: usize, content: u8) -> Vec<u8> {
        let sizes = [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8);
        [&b"ID3\x04\0\0"[..], &sizes, &vec![content; size]].concat()
    }

    fn note(name: &[u8; 4], frames: u32) -> Vec<u8> {
        let mut frame = silence(1);
        frame[36..40].copy_from_slice(name);
        frame[43] = 1;
        frame[44..48].copy_from_slice(&frames.to_be_bytes());
        frame
    }

    const SECOND: Result<Heard, Unfit> = Ok(Heard { kind: Kind::Mp3, millis: 1019 });

    #[test]
    fn r44_an_mp3_file_is_heard_with_its_tags_or_without() {
        assert_eq!(examine(&silence(39)), SECOND);
        let last: Vec<u8> = [&b"TAG"[..], &[0; 125]].concat();
        for (before, after) in [
            (tag(0, 0), vec![]),
            (tag(3_000_000, 0xff), last.clone()),
            ([tag(10, 1), tag(300, 0)].concat(), vec![0; 500]),
            (vec![0; 64], [&b"APETAGEX"[..], &[7; 300]].concat()),
            (note(b"Info", 39), last),
            (note(b"Xing", 39), vec![]),
        ] {
            assert_eq!(examine(&[before, silence(39), after].concat()), SECOND);
        }
    }

    #[test]
    fn r44_slower_mpeg_and_other_rates_are_heard() {
        for (head, size, millis) in [
            ([0xff, 0xf3, 0x84, 0xc4], 192, 2400), // MPEG 2, 64 kbit/s, 24 kHz, mono
            ([0xff, 0xe3, 0x48, 0xc4], 288, 7200), // MPEG 2.5, 32 kbit/s, 8 kHz, mono
            ([0xff, 0xfb, 0xe4, 0x04], 960, 2400), // MPEG 1, 320 kbit/s, 48 kHz, stereo
        ] {
            let mut frame = vec![0; size];
            frame[..4].copy_from_slice(&head);
            assert_eq!(examine(&frame.repeat(100)), Ok(Heard { kind: Kind::Mp3, millis }), "{head:?}");
        }
    }

    #[test]
    fn r44_an_mp3_file_is_at_most_120_s_long() {
        assert_eq!(examine(&silence(4593)).map(|heard| heard.millis), Ok(119_981));
        assert_eq!(examine(&silence(4600)), Err(Unfit::TooLong(120_164)));
        assert!(matches!(examine(&silence(25_000)), Err(Unfit::TooLong(_))));
    }

    #[test]
    fn r44_an_mp3_file_that_is_cut_or_mixed_with_something_is_damaged() {
        let bytes = silence(5);
        for length in (418..bytes.len()).filter(|length| length % 417 != 0) {
            let cut = examine(&bytes[..length]);
            assert!(matches!(cut, Err(Unfit::Damaged | Unfit::NotAudio)), "{length}: {cut:?}");
        }
        assert_eq!(examine(&[silence(3), b"nonsense".to_vec(), silence(3)].concat()), Err(Unfit::Damaged));
        assert_eq!(examine(&[note(b"Xing", 40), silence(39)].concat()), Err(Unfit::Damaged), "one frame is missing");
        assert_eq!(examine(&[note(b"Info", u32::MAX), silence(39)].concat()), Err(Unfit::Damaged));
        assert_eq!(examine(&note(b"Info", 0)), Err(Unfit::NoSound));
        assert_eq!(examine(&[&[0xff, 0xfb, 0x90, 0xc4][..], b"<html>"].concat()), Err(Unfit::Damaged));
        assert_eq!(examine(&tag(200, 0xff)), Err(Unfit::NotAudio));
        let noise: Vec<u8> = silence(39).into_iter().enumerate().map(|(n, byte)| if n % 417 < 4 { byte } else { (n * 31 % 251) as u8 }).collect();
        let heard = examine(&noise);
        assert!(heard == SECOND || heard == Err(Unfit::Damaged), "{heard:?}");
    }
}
