//! The structure of a WAV file: a list of chunks, of which one says how the samples are written and one has them.

use super::audio::{Kind, Sound, Unfit};

/// Slower is no sound, faster no player can.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;
/// More channels than any player has.
const MOST_CHANNELS: u16 = 8;
/// A program that writes as it records does not know the size yet, and says one of these.
const SIZE_UNKNOWN: [u32; 2] = [0, u32::MAX];
/// A description of the samples is never longer.
const MOST_FORMAT: usize = 64;

/// Does it begin like one?
pub(super) fn is_wav(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")
}

/// The samples with their description alone: whatever else is in the file, and whatever it claims about sizes, goes no
/// further. Every size is measured against the bytes that are there.
pub(super) fn sound(bytes: &[u8]) -> Result<Sound, Unfit> {
    let mut format: Option<&[u8]> = None;
    let mut rest = &bytes[12..];
    loop {
        // Without a chunk of samples the file ended too early.
        let (head, body) = rest.split_at_checked(8).ok_or(Unfit::Damaged)?;
        let (name, claimed) = (&head[..4], little(&head[4..]));
        let size = claimed as usize;
        match name {
            b"data" => {
                let format = format.ok_or(Unfit::Damaged)?;
                let samples = match body.get(..size) {
                    Some(samples) if size > 0 => samples,
                    _ if SIZE_UNKNOWN.contains(&claimed) => body,
                    _ => return Err(Unfit::Damaged),
                };
                return whole(format, samples);
            }
            b"fmt " => {
                let said = body.get(..size).filter(|said| (16..=MOST_FORMAT).contains(&said.len()) && format.is_none());
                format = Some(said.ok_or(Unfit::Damaged)?);
            }
            _ => {}
        }
        // Chunks begin at even places.
        rest = body.get(size + size % 2..).ok_or(Unfit::Damaged)?;
    }
}

fn whole(format: &[u8], samples: &[u8]) -> Result<Sound, Unfit> {
    let (channels, rate, bits) = (short(&format[2..]), little(&format[4..]), short(&format[14..]));
    if !(1..=MOST_CHANNELS).contains(&channels) || !RATES.contains(&rate) {
        return Err(Unfit::Damaged);
    }
    if ![8, 16, 24, 32, 64].contains(&bits) {
        return Err(Unfit::UnusualWav);
    }
    let frame = usize::from(channels) * usize::from(bits / 8);
    // Half a sample at the end is what a recorder that was switched off leaves.
    let samples = &samples[..samples.len() - samples.len() % frame];
    if samples.is_empty() {
        return Err(Unfit::NoSound);
    }
    let millis = ((samples.len() / frame) as u64 * 1000).div_ceil(u64::from(rate)) as i64;
    Ok(Sound { kind: Kind::Wav, millis, bytes: file(format, samples) })
}

/// A WAV file of a description and samples, and nothing else.
pub(super) fn file(format: &[u8], samples: &[u8]) -> Vec<u8> {
    let (format_size, size) = (format.len() as u32, samples.len() as u32);
    let padding = format.len() % 2;
    let mut bytes = Vec::with_capacity(28 + format.len() + samples.len());
    bytes.extend(b"RIFF");
    bytes.extend((4 + 8 + format_size + padding as u32 + 8 + size).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(format_size.to_le_bytes());
    bytes.extend(format);
    bytes.extend(&[0][..padding]);
    bytes.extend(b"data");
    bytes.extend(size.to_le_bytes());
    bytes.extend(samples);
    bytes
}

fn short(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn little(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::{super::audio::*, *};

    fn format(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
        let frame = channels.wrapping_mul(bits / 8);
        let parts: [&[u8]; 6] = [
            &tag.to_le_bytes(),
            &channels.to_le_bytes(),
            &rate.to_le_bytes(),
            &rate.wrapping_mul(u32::from(frame)).to_le_bytes(),
            &frame.to_le_bytes(),
            &bits.to_le_bytes(),
        ];
        parts.concat()
    }

    fn wav(secs: f64) -> Vec<u8> {
        file(&format(1, 1, 8000, 16), &vec![1; (secs * 16_000.0) as usize])
    }

    #[test]
    fn r44_wav_files_of_every_usual_sample_are_heard() {
        for (tag, channels, rate, bits) in
            [(1, 1, 8000, 8), (1, 2, 44_100, 16), (1, 1, 48_000, 24), (1, 1, 16_000, 32), (3, 2, 48_000, 32), (3, 1, 8000, 64)]
        {
            let bytes = file(&format(tag, channels, rate, bits), &vec![0; rate as usize * usize::from(channels * bits / 8) * 3]);
            assert_eq!(examine(&bytes), Ok(Heard { kind: Kind::Wav, millis: 3000 }), "{tag} {channels} {rate} {bits}");
        }
        for tag in [6, 7] {
            let telephone = [format(tag, 1, 8000, 8), vec![0, 0]].concat();
            assert_eq!(examine(&file(&telephone, &[0x55; 8000])), Ok(Heard { kind: Kind::Wav, millis: 1000 }), "{tag}");
        }
    }

    #[test]
    fn r44_a_wav_file_is_more_than_0_and_at_most_120_s_long() {
        assert_eq!(examine(&wav(120.0)), Ok(Heard { kind: Kind::Wav, millis: 120_000 }));
        assert_eq!(examine(&wav(120.25)), Err(Unfit::TooLong(120_250)));
        assert_eq!(examine(&wav(185.0)).unwrap_err().to_string(), "The greeting is 3:05 long; it may be 2:00 at most. Make it shorter.");
        assert_eq!(examine(&wav(0.0)), Err(Unfit::NoSound));
        assert_eq!(examine(&wav(0.0001)), Err(Unfit::NoSound));
    }

    #[test]
    fn r44_a_wav_file_that_is_cut_anywhere_is_damaged() {
        let bytes = wav(0.1);
        for length in (12..bytes.len()).rev() {
            assert_eq!(examine(&bytes[..length]), Err(Unfit::Damaged), "{length} of {}", bytes.len());
        }
    }

    #[test]
    fn r44_what_a_wav_file_claims_costs_nothing() {
        let claims = |place: usize, claim: u32| {
            let mut bytes = wav(1.0);
            bytes[place..place + 4].copy_from_slice(&claim.to_le_bytes());
            examine(&bytes)
        };
        assert_eq!(claims(40, u32::MAX - 1), Err(Unfit::Damaged), "samples");
        assert_eq!(claims(40, u32::MAX), Ok(Heard { kind: Kind::Wav, millis: 1000 }), "samples without a count");
        assert_eq!(claims(16, u32::MAX), Err(Unfit::Damaged), "description");
        assert_eq!(claims(4, u32::MAX - 9), Ok(Heard { kind: Kind::Wav, millis: 1000 }), "the file's own size is nobody's business");
        for rate in [0, 1, 999, u32::MAX] {
            assert_eq!(claims(24, rate), Err(Unfit::Damaged), "rate {rate}");
        }
        for channels in [0, 9, u16::MAX] {
            assert_eq!(examine(&file(&format(1, channels, 8000, 16), &[0; 8000])), Err(Unfit::Damaged), "{channels} channels");
        }
        for (tag, bits) in [(2, 4), (1, 0), (1, 12), (0x55, 16), (0x11, 4), (3, 16), (u16::MAX - 1, 16), (6, 8)] {
            assert_eq!(examine(&file(&format(tag, 1, 8000, bits), &[0; 8000])), Err(Unfit::UnusualWav), "{tag} {bits}");
        }
    }

    #[test]
    fn r44_titles_and_pictures_in_a_wav_file_are_passed_over() {
        let chunk = |name: &[u8; 4], size: u32, body: &[u8]| [name.as_slice(), &size.to_le_bytes(), body].concat();
        let good = wav(1.0);
        let with = |extra: Vec<u8>| examine(&[&good[..12], &extra, &good[12..]].concat());
        assert_eq!(with(chunk(b"LIST", 5, b"INFO\0\0")), Ok(Heard { kind: Kind::Wav, millis: 1000 }));
        assert_eq!(with(chunk(b"LIST", u32::MAX, b"INFO")), Err(Unfit::Damaged));
        assert_eq!(with(chunk(b"id3 ", 1 << 20, &vec![0xff; 1 << 20])), Ok(Heard { kind: Kind::Wav, millis: 1000 }));
        assert_eq!(with(chunk(b"x\0\xff ", 0, b"").repeat(100_000)), Ok(Heard { kind: Kind::Wav, millis: 1000 }));
    }
}
