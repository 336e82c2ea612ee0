//! What an uploaded file is, found out by decoding all of it (T18). Neither its name nor the type it was sent with counts.
//!
//! A file is first walked through by its own structure, which is cheap and tells its length; only what is short enough is
//! decoded. The decoder sees the sound alone, no titles and pictures, and a panic of it is a damaged file.

use std::{io::Cursor, panic};

use symphonia::{
    core::{codecs::audio::AudioDecoderOptions, formats::FormatReader, io::MediaSourceStream},
    default::get_codecs,
};

use super::{MOST_BYTES, mp3, wav};
use crate::words;

/// The longest greeting in milliseconds (R44).
pub const MOST_MILLIS: i64 = 120_000;
/// Where decoding stops in any case.
const ENOUGH_MILLIS: u64 = 121_000;
/// An MP3 cut out of a longer one begins with frames that lean on those before them.
const LEANING_FRAMES: usize = 2;

words! {
    /// What a greeting is by its content.
    Kind {
        /// RIFF WAVE.
        Wav = "wav",
        /// MPEG audio, layer III.
        Mp3 = "mp3",
    }
}

impl Kind {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Wav => "WAV",
            Kind::Mp3 => "MP3",
        }
    }
    /// The type it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            Kind::Wav => "audio/wav",
            Kind::Mp3 => "audio/mpeg",
        }
    }
}

/// A file that can be a greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What it is.
    pub kind: Kind,
    /// How long it is, in milliseconds.
    pub millis: i64,
}

/// Why a file is no greeting; the words are for the page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nobody chose a file.
    #[error("Choose a WAV or MP3 file.")]
    Missing,
    /// No bytes.
    #[error("The file is empty. Choose a WAV or MP3 file with sound in it.")]
    Empty,
    /// More than 10 MiB.
    #[error("The file is larger than 10 MiB. Save it as MP3, or make it shorter.")]
    TooLarge,
    /// Longer than 120 s; so many milliseconds.
    #[error("The greeting is {} long; it may be 2:00 at most. Make it shorter.", minutes(*.0))]
    TooLong(i64),
    /// A text, a picture, anything.
    #[error("This is no sound file. Choose a WAV or MP3 file.")]
    NotAudio,
    /// Pictures that move.
    #[error("This is a video. Save its sound as WAV or MP3 and choose that file.")]
    Video,
    /// Sound, but of another format.
    #[error("This is {0} sound. Save it as WAV or MP3 and choose that file.")]
    OtherFormat(&'static str),
    /// A WAV of samples that not every player knows.
    #[error("This WAV file holds its sound in an unusual way. Save it as WAV with PCM samples, or as MP3.")]
    UnusualWav,
    /// Cut short, or with nonsense in it.
    #[error("The file is damaged or was cut short. Save it again as WAV or MP3.")]
    Damaged,
    /// A file with nothing to hear, not even silence.
    #[error("There is no sound in the file. Choose one of a second or more.")]
    NoSound,
}

/// A length as players show it: 21,000 is "0:21", and what is more than a whole second counts as one more.
pub fn minutes(millis: i64) -> String {
    let secs = (millis + 999).div_euclid(1000);
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// The sound of a file, ready for the decoder.
pub(super) struct Sound {
    pub kind: Kind,
    /// By the file's structure.
    pub millis: i64,
    /// Nothing but the sound, in the form of its kind.
    pub bytes: Vec<u8>,
}

/// Listens to a file from its beginning to its end.
///
/// # Errors
/// Why it is no greeting.
pub fn examine(bytes: &[u8]) -> Result<Heard, Unfit> {
    // The decoder is somebody else's, and what it reads is anybody's.
    panic::catch_unwind(|| listen(bytes)).unwrap_or_else(|_| {
        tracing::error!("the audio decoder panicked over an uploaded file");
        Err(Unfit::Damaged)
    })
}

fn listen(bytes: &[u8]) -> Result<Heard, Unfit> {
    match bytes.len() {
        0 => return Err(Unfit::Empty),
        n if n > MOST_BYTES => return Err(Unfit::TooLarge),
        _ => {}
    }
    let sound = if wav::is_wav(bytes) {
        wav::sound(bytes)?
    } else if let Some(other) = other_format(bytes) {
        return Err(other);
    } else {
        mp3::sound(bytes)?
    };
    if sound.millis > MOST_MILLIS {
        return Err(Unfit::TooLong(sound.millis));
    }
    let kind = sound.kind;
    let millis = decode(sound)?;
    match millis {
        0 => Err(Unfit::NoSound),
        MOST_MILLIS.. if millis > MOST_MILLIS => Err(Unfit::TooLong(millis)),
        _ => Ok(Heard { kind, millis }),
    }
}

/// Decodes all of it; its length in milliseconds.
fn decode(sound: Sound) -> Result<i64, Unfit> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(sound.bytes)), Default::default());
    let mut reader: Box<dyn FormatReader> = match sound.kind {
        Kind::Wav => Box::new(symphonia::default::formats::WavReader::try_new(source, Default::default()).map_err(|_| Unfit::UnusualWav)?),
        Kind::Mp3 => Box::new(symphonia::default::formats::MpaReader::try_new(source, Default::default()).map_err(|_| Unfit::Damaged)?),
    };
    let params = reader.tracks().first().and_then(|track| track.codec_params.clone()).ok_or(Unfit::Damaged)?;
    let params = params.audio().ok_or(Unfit::Damaged)?;
    let rate = u64::from(params.sample_rate.filter(|rate| *rate > 0).ok_or(Unfit::Damaged)?);
    let mut decoder = get_codecs().make_audio_decoder(params, &AudioDecoderOptions::default()).map_err(|_| match sound.kind {
        Kind::Wav => Unfit::UnusualWav,
        Kind::Mp3 => Unfit::Damaged,
    })?;
    let (mut frames, mut failed) = (0u64, 0);
    while let Some(packet) = reader.next_packet().map_err(|_| Unfit::Damaged)? {
        match decoder.decode(&packet) {
            Ok(heard) => frames += heard.frames() as u64,
            Err(_) => failed += 1,
        }
        if failed > LEANING_FRAMES || (failed > 0 && sound.kind == Kind::Wav) {
            return Err(Unfit::Damaged);
        }
        if frames * 1000 / rate > ENOUGH_MILLIS {
            break;
        }
    }
    Ok((frames * 1000).div_ceil(rate) as i64)
}

/// What a file is that begins like something well known, yet is neither WAV nor MP3.
fn other_format(bytes: &[u8]) -> Option<Unfit> {
    let at = |from: usize, mark: &[u8]| bytes.get(from..from + mark.len()) == Some(mark);
    let brand = |names: &[&[u8]]| names.iter().any(|name| at(8, name));
    Some(match bytes {
        _ if at(4, b"ftyp") && brand(&[b"M4A", b"M4B", b"M4P"]) => Unfit::OtherFormat("M4A"),
        _ if at(4, b"ftyp") || at(4, b"moov") || at(4, b"mdat") || at(4, b"wide") => Unfit::Video,
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Unfit::Video,
        _ if at(0, b"RIFF") && at(8, b"AVI ") => Unfit::Video,
        _ if at(0, b"FLV\x01") || at(0, b"\x00\x00\x01\xba") || at(0, b"\x00\x00\x01\xb3") => Unfit::Video,
        _ if at(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11") => Unfit::OtherFormat("Windows Media"),
        _ if at(0, b"OggS") => Unfit::OtherFormat("Ogg"),
        _ if at(0, b"fLaC") => Unfit::OtherFormat("FLAC"),
        _ if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) => Unfit::OtherFormat("AIFF"),
        _ if at(0, b"#!AMR") => Unfit::OtherFormat("AMR"),
        _ if at(0, b"caff") => Unfit::OtherFormat("CAF"),
        _ if at(0, b".snd") => Unfit::OtherFormat("AU"),
        _ if at(0, b"MThd") => Unfit::OtherFormat("MIDI"),
        _ if at(0, b"wvpk") => Unfit::OtherFormat("WavPack"),
        _ if at(0, b"RF64") || at(0, b"riff\x2e\x91\xcf\x11") => Unfit::OtherFormat("64-bit WAV"),
        _ if at(0, b"RIFX") => Unfit::UnusualWav,
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Unfit::OtherFormat("AAC"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_as_players_show_them() {
        for (millis, text) in [(1, "0:01"), (1000, "0:01"), (21_000, "0:21"), (120_000, "2:00"), (120_001, "2:01"), (3_600_000, "60:00")] {
            assert_eq!(minutes(millis), text);
        }
    }

    #[test]
    fn r44_what_is_no_wav_and_no_mp3_is_named() {
        let png: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let jpeg: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01";
        for (bytes, unfit) in [
            (&b""[..], Unfit::Empty),
            (b"<!doctype html><title>Greeting</title>", Unfit::NotAudio),
            (b"Thank you for calling.", Unfit::NotAudio),
            ("\u{feff}Thank you for calling".as_bytes(), Unfit::NotAudio),
            (b"\xff\xfeT\0h\0a\0n\0k\0", Unfit::NotAudio),
            (b"GIF89a", Unfit::NotAudio),
            (png, Unfit::NotAudio),
            (jpeg, Unfit::NotAudio),
            (b"PK\x03\x04", Unfit::NotAudio),
            (b"\0\0\0\x20ftypisom\0\0\x02\0", Unfit::Video),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Unfit::Video),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01", Unfit::Video),
            (b"RIFF\0\0\0\0AVI LIST", Unfit::Video),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", Unfit::OtherFormat("M4A")),
            (b"OggS\0\x02", Unfit::OtherFormat("Ogg")),
            (b"fLaC\0\0\0\x22", Unfit::OtherFormat("FLAC")),
            (b"FORM\0\0\0\0AIFFCOMM", Unfit::OtherFormat("AIFF")),
            (b"\xff\xf1\x50\x80\x02\x1f\xfc", Unfit::OtherFormat("AAC")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Unfit::NotAudio),
            (b"RIFF", Unfit::NotAudio),
            (b"ID3", Unfit::NotAudio),
        ] {
            assert_eq!(examine(bytes), Err(unfit), "{:?}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(examine(&vec![0; MOST_BYTES + 1]), Err(Unfit::TooLarge));
    }

    /// A small generator, so that what fails once fails again.
    fn dice(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize
    }

    #[test]
    fn t18_files_that_were_tampered_with_end_in_a_sentence() {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x04]);
        let mut state = 44;
        for round in 0..1000 {
            let mut bytes = if round % 2 == 0 { super::super::sample(1) } else { frame.repeat(30) };
            // Heads are where the lies are; the rest is noise.
            for _ in 0..1 + dice(&mut state) % 40 {
                let place = match dice(&mut state) % 3 {
                    0 => dice(&mut state) % 64,
                    1 => dice(&mut state) % 30 * 417 + dice(&mut state) % 40,
                    _ => dice(&mut state) % bytes.len(),
                };
                let end = bytes.len() - 1;
                bytes[place.min(end)] = dice(&mut state) as u8;
            }
            if round % 3 == 0 {
                bytes.truncate(dice(&mut state) % bytes.len());
            }
            match examine(&bytes) {
                Ok(heard) => assert!((1..=MOST_MILLIS).contains(&heard.millis), "round {round}: {heard:?}"),
                Err(unfit) => assert!(unfit.to_string().ends_with('.'), "round {round}"),
            }
        }
    }
}
