//! The recovery key as a picture that a telephone or a scanner reads.
//!
//! Invariant: the picture stands in a margin as wide as the standard has it, dark squares on light
//! ones whatever the terminal's own colours are.

use qrcode::Color;
use qrcode::EcLevel;
use qrcode::QrCode;

/// How wide the light margin is, in squares.
const MARGIN: usize = 4;

/// The rows of the picture, `true` where a square is dark. Nothing for a text that is too long.
pub(crate) fn picture(text: &str) -> Vec<Vec<bool>> {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else {
        return vec![];
    };
    let width = code.width();
    let side = width + 2 * MARGIN;
    let is_dark = |x: usize, y: usize| {
        let inside = |at: usize| at.checked_sub(MARGIN).filter(|at| *at < width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => code[(x, y)] == Color::Dark,
            _ => false,
        }
    };
    (0..side)
        .map(|y| (0..side).map(|x| is_dark(x, y)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_scanner_reads_the_picture() {
        let key = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
        let rows = picture(key);
        assert!(rows.len() * 2 <= 80, "{} rows", rows.len());
        let shade = |x: usize, y: usize| if rows[y / 4][x / 4] { 0 } else { 255 };
        let side = rows.len() * 4;
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
        let grids = seen.detect_grids();
        let (_, read) = grids[0].decode().unwrap();
        assert_eq!(read, key);
    }
}
