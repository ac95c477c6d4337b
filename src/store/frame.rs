//! The bytes of the journal: segment headers and frames.
//!
//! ```text
//! header  magic 8 | format u32 | segment u64 | first number u64 | chain before it 32 | crc32
//! frame   payload length u32 | crc32 of number and payload | number u64 | payload | tag 32
//! ```
//!
//! A frame's tag is SHA-256 over the tag before it, its number and the hash of its payload. Since
//! the chain holds hashes and not payloads, a later format can destroy a payload and keep the chain.
//!
//! Invariant: no change of any byte goes unseen; nothing here panics on any bytes.

use sha2::Digest;
use sha2::Sha256;
use uuid::Uuid;

/// A link of the chain.
pub(crate) type Tag = [u8; 32];

/// The format of the segments.
pub(crate) const FORMAT: u32 = 1;
/// How long a header is.
pub(crate) const HEADER: usize = 64;
/// What stands before a frame's payload.
pub(crate) const BEFORE: usize = 16;
/// What a frame adds to its payload.
pub(crate) const OVERHEAD: usize = BEFORE + 32;

const MAGIC: [u8; 8] = *b"JUMINJNL";

/// The first bytes of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The format of what follows.
    pub(crate) format: u32,
    /// The segment's own number.
    pub(crate) segment: u64,
    /// The number of its first commit.
    pub(crate) first: u64,
    /// The tag of the frame before it.
    pub(crate) chain: Tag,
}

impl Header {
    /// The bytes on the disk.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.format.to_le_bytes());
        bytes.extend_from_slice(&self.segment.to_le_bytes());
        bytes.extend_from_slice(&self.first.to_le_bytes());
        bytes.extend_from_slice(&self.chain);
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The header at the start of a segment, if it is sound.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Header> {
        let mut rest = bytes.get(..HEADER)?;
        let crc = crc32fast::hash(rest.get(..HEADER - 4)?);
        if take::<8>(&mut rest)? != MAGIC {
            return None;
        }
        let header = Header {
            format: u32::from_le_bytes(take(&mut rest)?),
            segment: u64::from_le_bytes(take(&mut rest)?),
            first: u64::from_le_bytes(take(&mut rest)?),
            chain: take(&mut rest)?,
        };
        (u32::from_le_bytes(take(&mut rest)?) == crc).then_some(header)
    }
}

/// A frame whose checksum agrees. Whether it belongs is for the chain to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    /// The commit's number.
    pub(crate) number: u64,
    /// What it holds, sealed.
    pub(crate) payload: &'a [u8],
    /// Its link of the chain, as it stands there.
    pub(crate) tag: Tag,
}

impl<'a> Frame<'a> {
    /// The frame that starts here, if a whole one does.
    pub(crate) fn decode(bytes: &'a [u8]) -> Option<Frame<'a>> {
        let mut rest = bytes;
        let length = u32::from_le_bytes(take(&mut rest)?) as usize;
        let crc = u32::from_le_bytes(take(&mut rest)?);
        let number = take::<8>(&mut rest)?;
        let payload = rest.get(..length)?;
        let mut rest = rest.get(length..)?;
        let tag = take(&mut rest)?;
        (checksum(number, payload) == crc).then_some(Frame {
            number: u64::from_le_bytes(number),
            payload,
            tag,
        })
    }

    /// The number that a frame starting here would claim, read before its checksum is computed.
    pub(crate) fn claims(bytes: &[u8]) -> Option<u64> {
        let mut rest = bytes.get(8..)?;
        Some(u64::from_le_bytes(take(&mut rest)?))
    }

    /// Whether it follows a frame with this tag.
    pub(crate) fn follows(&self, before: &Tag) -> bool {
        link(before, self.number, self.payload) == self.tag
    }

    /// How many bytes it takes.
    pub(crate) fn size(&self) -> usize {
        self.payload.len() + OVERHEAD
    }
}

/// What stands before a payload, and the tag behind it. `None` when the payload is too long.
pub(crate) fn around(before: &Tag, number: u64, payload: &[u8]) -> Option<([u8; BEFORE], Tag)> {
    let length = u32::try_from(payload.len()).ok()?;
    let tag = link(before, number, payload);
    let number = number.to_le_bytes();
    let mut head = [0; BEFORE];
    let (first, last) = head.split_at_mut(8);
    first[..4].copy_from_slice(&length.to_le_bytes());
    first[4..].copy_from_slice(&checksum(number, payload).to_le_bytes());
    last.copy_from_slice(&number);
    Some((head, tag))
}

/// What the first frame of a register follows: no segment of another register can take its place.
pub(crate) fn genesis(register: Uuid) -> Tag {
    Sha256::digest(register.as_bytes()).into()
}

fn link(before: &Tag, number: u64, payload: &[u8]) -> Tag {
    let mut hasher = Sha256::new();
    hasher.update(before);
    hasher.update(number.to_le_bytes());
    hasher.update(Sha256::digest(payload));
    hasher.finalize().into()
}

/// What guards a number and a payload.
pub(crate) fn checksum(number: [u8; 8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number);
    hasher.update(payload);
    hasher.finalize()
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}
