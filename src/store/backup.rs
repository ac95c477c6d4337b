//! Backups: the whole history of a register in one file, which any age tool opens.
//!
//! ```text
//! file    an age file to the public half of the recovery key; of an open register the lines alone
//! lines   {"backup":{version, register, at, program, epoch, fields}}
//!         {"commit":{id, stamp, replica, number, worker, act, undoes, changes}}     and after each
//!         {"changes":[{subject, field, old, new}, ..]}       its changes, at most 1,000 on a line
//!         {"end":{commits, changes, set, digest, head, sha256}}
//! ```
//!
//! Commits are kept and not records, since the records follow from them and not they from the
//! records: who did what, when, and what stood there before is what nobody could enter again.
//! `changes` of a commit says how many follow; `fields` says what each field's number means;
//! `sha256` is that of all lines before the last. What the desk keeps (a half-typed form) stays out.
//!
//! A backup is read back as soon as it is written. For that it is sealed to a second key as well,
//! which is made for this and forgotten.
//!
//! Invariant: a file under its final name has been read back and holds every commit.

pub mod fault;

pub(crate) mod lines;

pub mod shelf;

pub mod restore;

use crate::model::change::Change;
use crate::store::StoreError;
use crate::store::backup::fault::BackupFault;
use crate::store::backup::lines::About;
use crate::store::backup::lines::Pen;
use crate::store::backup::lines::Reader;
use crate::store::backup::lines::Whole;
use crate::store::folder;
use crate::store::folder::disk;
use crate::store::keys;
use crate::store::mark::Mark;
use crate::store::mend;
use crate::store::reach::Reach;
use crate::store::record::Head;
use crate::store::scan::Source;
use crate::store::vault::Key;
use crate::store::vault::fault::KeyFault;
use crate::store::vault::recovery;
use crate::store::vault::ring;
use age::DecryptError;
use age::Decryptor;
use age::Encryptor;
use age::x25519::Identity;
use age::x25519::Recipient;
use secrecy::SecretString;
use std::fs::File;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// How a backup is wrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrap {
    /// Not at all: whoever has the file reads it.
    Plain,
    /// To a public half (`age1…`).
    To(String),
    /// To that of the register's recovery key.
    Recovery,
}

/// A backup that was written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The file.
    pub path: PathBuf,
    /// How many commits it holds.
    pub commits: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// Whether it is sealed.
    pub sealed: bool,
}

/// How age files begin.
const AGE: &[u8] = b"age-encryption.org/";

/// How a backup of a folder is wrapped when nobody says how: a sealed register's sealed.
pub fn usual(dir: &Path) -> Result<Wrap, StoreError> {
    let identity = folder::read_identity(dir)?;
    Ok(identity.vault.map_or(Wrap::Plain, |_| Wrap::Recovery))
}

/// Writes a backup of a register's folder to a new file and reads it back. The folder may be open
/// elsewhere: what has been acknowledged by now is in.
pub fn write(
    dir: &Path,
    key: Option<&Key>,
    path: &Path,
    wrap: &Wrap,
    at: u64,
) -> Result<Receipt, StoreError> {
    if path.exists() {
        return Err(BackupFault::Exists(path.display().to_string()).into());
    }
    let identity = folder::read_identity(dir)?;
    let source = keys::whole(dir, identity, key)?;
    let (recipient, epoch) = match identity.vault {
        Some(_) => {
            let (ring, _) = ring::read(&identity.home(dir), identity.register)?;
            (ring.recipient(), Some(ring.age()))
        }
        None => (None, None),
    };
    let recipient = match wrap {
        Wrap::Plain => None,
        Wrap::To(typed) => Some(typed.clone()),
        Wrap::Recovery => Some(recipient.ok_or(KeyFault::RecoverySlot)?),
    };
    let about = About::new(identity.register, at, epoch);
    let witness = Identity::generate();
    let mut wrote = Err(BackupFault::Cut.into());
    let recipient = recipient.as_deref().map(public).transpose()?;
    let draft = folder::draft(path, |file| {
        wrote = pour(&source, about, file, recipient.as_ref(), &witness);
        match &wrote {
            Ok(_) => Ok(()),
            Err(fault) => Err(io::Error::other(fault.to_string())),
        }
    });
    let mark = wrote?;
    let draft = draft.map_err(disk("writing", path))?;
    if let Err(fault) = read_back(&draft, &witness, &mark) {
        drop(std::fs::remove_file(&draft));
        return Err(fault);
    }
    folder::publish(&draft, path).map_err(disk("writing", path))?;
    let bytes = std::fs::metadata(path)
        .map_err(disk("reading", path))?
        .len();
    Ok(Receipt {
        path: path.to_owned(),
        commits: mark.number,
        bytes,
        sealed: recipient.is_some(),
    })
}

/// Reads what was just written.
fn read_back(draft: &Path, witness: &Identity, mark: &Mark) -> Result<(), StoreError> {
    let whole = read(draft, Some(witness), &mut Nobody)?;
    if whole.mark == *mark {
        Ok(())
    } else {
        Err(BackupFault::Mark.into())
    }
}

fn public(typed: &str) -> Result<Recipient, BackupFault> {
    let parsed = typed.trim().parse();
    parsed.map_err(|_| BackupFault::Recipient(typed.to_owned()))
}

/// Writes the journal's commits into a file.
fn pour(
    source: &Source,
    about: About,
    file: &mut File,
    recipient: Option<&Recipient>,
    witness: &Identity,
) -> Result<Mark, StoreError> {
    let wrapping = |fault: io::Error| disk("writing", &source.dir)(fault);
    let file = BufWriter::new(file);
    let salt = source.vault.is_parted().then(|| source.vault.salt());
    let Some(recipient) = recipient else {
        let pen = Pen::begin(file, about, salt).map_err(wrapping)?;
        let (mark, mut file) = pour_lines(source, pen)?;
        file.flush().map_err(wrapping)?;
        return Ok(mark);
    };
    let witness = witness.to_public();
    let both: [&dyn age::Recipient; 2] = [recipient, &witness];
    let sealer = Encryptor::with_recipients(both.into_iter())
        .map_err(|fault| wrapping(io::Error::other(fault.to_string())))?;
    let out = sealer.wrap_output(file).map_err(wrapping)?;
    let pen = Pen::begin(out, about, salt).map_err(wrapping)?;
    let (mark, out) = pour_lines(source, pen)?;
    let mut file = out.finish().map_err(wrapping)?;
    file.flush().map_err(wrapping)?;
    Ok(mark)
}

fn pour_lines<W: Write>(source: &Source, mut pen: Pen<W>) -> Result<(Mark, W), StoreError> {
    let mut last = Mark::default();
    let mut failed = None;
    let start = Reach::nowhere(source);
    let scan = mend::commits(source, start, &mut |_, _| {}, &mut |_, mark, head, walk| {
        if failed.is_some() {
            return Ok(());
        }
        walk.is_sound()?;
        last = mark;
        let changes =
            walk.map(|change| change.map_err(|fault| io::Error::other(fault.to_string())));
        failed = pen.commit(head, changes).err();
        Ok(())
    })?;
    let wrapping = |fault: io::Error| disk("writing a backup of", &source.dir)(fault);
    if let Some(fault) = failed {
        return Err(wrapping(fault));
    }
    if let Some(damage) = scan.damage.first() {
        return Err(BackupFault::Journal(damage.words()).into());
    }
    if !pen.stands_at(&last) {
        return Err(BackupFault::Mark.into());
    }
    pen.end(&scan.reach.tag).map_err(wrapping)
}

/// Reads a backup to its end and hands on what it holds.
pub(crate) fn read(
    path: &Path,
    identity: Option<&Identity>,
    reader: &mut dyn Reader,
) -> Result<Whole, StoreError> {
    let reading = |fault| disk("reading", path)(fault);
    let mut file = BufReader::new(File::open(path).map_err(reading)?);
    if !is_age(&mut file).map_err(reading)? {
        return lines::read(file, path, reader);
    }
    let identity = identity.ok_or(BackupFault::NeedsKey)?;
    let unread = |fault| match fault {
        DecryptError::Io(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => {
            BackupFault::Head.into()
        }
        DecryptError::Io(fault) => reading(fault),
        DecryptError::NoMatchingKeys => BackupFault::OtherKey.into(),
        DecryptError::ExcessiveWork { .. } => BackupFault::Passphrase.into(),
        DecryptError::DecryptionFailed
        | DecryptError::InvalidHeader
        | DecryptError::InvalidMac
        | DecryptError::KeyDecryptionFailed
        | DecryptError::UnknownFormat => BackupFault::Head.into(),
    };
    let sealed = Decryptor::new_buffered(file).map_err(unread)?;
    if sealed.is_scrypt() {
        return Err(BackupFault::Passphrase.into());
    }
    let plain = sealed.decrypt(std::iter::once(identity as &dyn age::Identity));
    lines::read(BufReader::new(plain.map_err(unread)?), path, reader)
}

/// Whether a backup is sealed.
pub fn is_sealed(path: &Path) -> Result<bool, StoreError> {
    let file = File::open(path).and_then(|file| is_age(&mut BufReader::new(file)));
    file.map_err(disk("reading", path))
}

fn is_age(file: &mut impl BufRead) -> io::Result<bool> {
    Ok(file.fill_buf()?.starts_with(AGE))
}

/// The recovery key that was typed.
fn typed(secret: Option<&SecretString>) -> Result<Option<Identity>, KeyFault> {
    secret.map(recovery::read).transpose()
}

/// Reads a backup only to see that it is whole.
struct Nobody;

impl Reader for Nobody {
    fn commit(&mut self, _head: Head) -> Result<(), StoreError> {
        Ok(())
    }

    fn changes(&mut self, _changes: Vec<Change>) -> Result<(), StoreError> {
        Ok(())
    }
}
