//! A list written to a file: whole, or not at all.
//!
//! Invariant: a file that stood there before is replaced only by a complete one.

use crate::exchange::ExchangeError;
use crate::exchange::Format;
use crate::exchange::write;
use crate::exchange::write::List;
use sha2::Digest;
use sha2::Sha256;
use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;

/// The format that a file's ending asks for; CSV when it asks for none.
pub fn format_of(path: &Path) -> Format {
    path.extension()
        .and_then(|ending| Format::named(&ending.to_string_lossy()))
        .unwrap_or(Format::Csv)
}

/// A list's bytes in the format that a file's ending asks for.
pub fn bytes(list: &List<'_>, path: &Path, mark: Option<&str>) -> Result<Vec<u8>, ExchangeError> {
    let mut bytes = Vec::new();
    write::write(list, format_of(path), mark, &mut bytes)?;
    Ok(bytes)
}

/// The SHA-256 of a file's bytes, by which it is known again.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Writes bytes to a file, whole or not at all.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put_with(path, |out| out.write_all(bytes))
}

/// Writes what is handed to it piece by piece to a file, whole or not at all.
pub fn put_with(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let beside = path.with_added_extension("part");
    let written = fs::File::create(&beside)
        .map(io::BufWriter::new)
        .and_then(|mut out| write(&mut out).and_then(|()| out.flush()))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written
}
