//! A sound made by the program, for the sample company.

use std::f64::consts::TAU;

use super::wav;

const RATE: u32 = 8000;
/// The length of one tone, and its two pitches in Hz: a fifth.
const TONE_SECS: f64 = 0.9;
const PITCHES: [f64; 2] = [523.25, 783.99];
/// Well below full scale: it is gentle.
const LOUDNESS: f64 = 9000.0;

/// A WAV file of `secs` seconds (at least one): a gentle chime of two tones, then quiet; 8 kHz, 16 bits, mono.
pub fn sample(secs: u32) -> Vec<u8> {
    let tones = PITCHES.iter().flat_map(|pitch| (0..(TONE_SECS * f64::from(RATE)) as u32).map(move |n| tone(*pitch, f64::from(n) / f64::from(RATE))));
    let frames = (RATE * secs.max(1)) as usize;
    let samples: Vec<u8> = tones.chain(std::iter::repeat(0)).take(frames).flat_map(i16::to_le_bytes).collect();
    let mut format = Vec::with_capacity(16);
    for part in [
        1u16.to_le_bytes().as_slice(),
        &1u16.to_le_bytes(),
        &RATE.to_le_bytes(),
        &(RATE * 2).to_le_bytes(),
        &2u16.to_le_bytes(),
        &16u16.to_le_bytes(),
    ] {
        format.extend(part);
    }
    wav::file(&format, &samples)
}

/// One sample: quick to swell, slow to fade, with a little of the octave.
fn tone(pitch: f64, at: f64) -> i16 {
    let swell = (at / 0.02).min(1.0) * (-4.0 * at).exp() * (1.0 - at / TONE_SECS);
    let wave = (TAU * pitch * at).sin() + 0.3 * (TAU * 2.0 * pitch * at).sin();
    (LOUDNESS * swell * wave) as i16
}

#[cfg(test)]
mod tests {
    use super::{super::audio::*, *};

    #[test]
    fn r44_the_chime_is_a_greeting() {
        assert_eq!(examine(&sample(21)), Ok(Heard { kind: Kind::Wav, millis: 21_000 }));
        assert_eq!(examine(&sample(0)), Ok(Heard { kind: Kind::Wav, millis: 1000 }));
        let loudest = sample(2)[44..].chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs()).max();
        assert!((1000..12_000).contains(&loudest.unwrap()), "{loudest:?}");
        assert_eq!(sample(3), sample(3));
    }
}
