//! A QR code as one path of an SVG, so that nothing in the page needs a style of its own (T14).

use std::fmt::Write;

use qrcode::{Color, QrCode};

use crate::failure::Failure;

/// Light modules around the code, without which cameras do not find it.
const QUIET: usize = 4;

/// The picture of a text.
#[derive(Debug)]
pub struct Picture {
    /// Modules on each side, the quiet ones included.
    pub size: usize,
    /// The dark modules as the `d` of a path.
    pub path: String,
}

impl Picture {
    /// The picture of `text`.
    ///
    /// # Errors
    /// When the text is longer than a QR code takes.
    pub fn of(text: &str) -> Result<Self, Failure> {
        let code = QrCode::new(text).map_err(|error| Failure::internal(error.to_string()))?;
        let width = code.width();
        let modules = code.into_colors();
        let mut path = String::new();
        for (y, row) in modules.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|left, right| left == right) {
                if run.first() == Some(&Color::Dark) {
                    let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
                }
                x += run.len();
            }
        }
        Ok(Picture { size: width + 2 * QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t7_the_picture_has_its_three_corners_and_a_quiet_edge() {
        let picture = Picture::of("otpauth://totp/Acme:ada%40acme.test?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme").unwrap();
        let far = picture.size - QUIET - 7;
        for (x, y) in [(QUIET, QUIET), (far, QUIET), (QUIET, far)] {
            assert!(picture.path.contains(&format!("M{x} {y}h7v1h-7z")), "{x} {y}");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains("M0 "));
    }
}
