//! A reader of its own, that knows nothing of the program but the formats: what a slot's passphrase
//! unwraps, and what that opens of a sealed register.

use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use sha2::Sha256;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// The checkpoints of a register: their files and what is in them.
pub fn checkpoints(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(dir.join("vault-0001/checkpoint")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = paths
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}

/// Whoever has a passphrase, and the folder.
pub struct Thief {
    vault: Vec<u8>,
    /// The data keys.
    pub keys: Vec<[u8; 32]>,
}

/// A slot of the key file, as far as it is looked at.
pub struct Slot {
    pub name: String,
    keys: u8,
    wrapped: Vec<u8>,
    nonce: [u8; 24],
    /// The slot's bytes before the nonce.
    head: Vec<u8>,
    /// Where it begins.
    pub at: usize,
}

fn number<const N: usize>(bytes: &[u8]) -> usize {
    let low = bytes[..N].iter().rev();
    low.fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
}

/// Where the slots begin in a key file, and how many bytes tell what the file is.
const SLOTS: usize = 51;
const ABOUT: usize = 42;

/// The slots of a key file.
pub fn slots(file: &[u8]) -> Vec<Slot> {
    let mut at = SLOTS;
    let mut all = vec![];
    for _ in 0..file[SLOTS - 1] {
        let start = at;
        let kind = file[at + 1];
        at += 3;
        let name = String::from_utf8(file[at + 1..][..usize::from(file[at])].to_vec()).unwrap();
        at += 1 + usize::from(file[at]);
        at += 1 + usize::from(file[at]);
        let mut slot = Slot {
            name,
            keys: 0,
            wrapped: vec![],
            nonce: [0; 24],
            head: vec![],
            at: start,
        };
        if kind == 1 {
            slot.keys = file[at + 28];
            at += 29;
            slot.head = file[start..at].to_vec();
            slot.nonce.copy_from_slice(&file[at..at + 24]);
            at += 24;
            let length = usize::from(slot.keys) * 32 + 16;
            slot.wrapped = file[at..at + length].to_vec();
            at += length;
        } else {
            at += 1 + usize::from(file[at]);
            at += 2 + number::<2>(&file[at..]);
        }
        all.push(slot);
    }
    assert_eq!(at + 64, file.len());
    all
}

impl Thief {
    /// With what a worker types.
    pub fn of(dir: &Path, who: &str) -> Thief {
        let file = fs::read(dir.join("vault-0001/keys")).unwrap();
        let slot = slots(&file)
            .into_iter()
            .find(|slot| slot.name == who)
            .unwrap();
        let cost: Vec<u32> = slot.head[slot.head.len() - 29..][..12]
            .chunks(4)
            .map(|four| number::<4>(four) as u32)
            .collect();
        let salt = &slot.head[slot.head.len() - 17..][..16];
        let params = argon2::Params::new(cost[0], cost[1], cost[2], Some(32)).unwrap();
        let argon =
            argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let mut key = [0; 32];
        let passphrase = format!("{who} has a passphrase");
        argon
            .hash_password_into(passphrase.as_bytes(), salt, &mut key)
            .unwrap();
        let bound = [&file[..ABOUT], &slot.head].concat();
        let payload = Payload {
            msg: &slot.wrapped,
            aad: &bound,
        };
        let plain = XChaCha20Poly1305::new(&key.into())
            .decrypt(&XNonce::from(slot.nonce), payload)
            .unwrap();
        Thief {
            vault: file[10..26].to_vec(),
            keys: plain
                .chunks(32)
                .map(|key| key.try_into().unwrap())
                .collect(),
        }
    }

    pub fn derive(&self, data: &[u8; 32], purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        hkdf::Hkdf::<Sha256>::new(Some(&self.vault), data)
            .expand(format!("jumin/v1/{purpose}").as_bytes(), &mut key)
            .unwrap();
        key
    }

    /// What opens of a sealed value by any key for any purpose, as any part of what stands there.
    fn open(&self, sealed: &[u8], place: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.get(1..)?.split_first_chunk::<24>()?;
        let purposes = ["journal", "tables", "checkpoint", "desk"];
        let keys = self
            .keys
            .iter()
            .flat_map(|data| purposes.map(|purpose| self.derive(data, purpose)));
        let ciphers = keys.map(|key| XChaCha20Poly1305::new(&key.into()));
        let sides: [&[u8]; 4] = [&[], &[0], &[1], &[2]];
        let mut tries = ciphers.flat_map(|cipher| sides.map(|side| (cipher.clone(), side)));
        tries.find_map(|(cipher, side)| {
            let bound = [&[1][..], &self.vault, place, side].concat();
            let payload = Payload {
                msg: body,
                aad: &bound,
            };
            cipher.decrypt(&XNonce::from(*nonce), payload).ok()
        })
    }

    /// What opens of a value in parts, and whether any of it did not.
    fn open_parts(&self, parted: &[u8], place: &[u8]) -> (Vec<u8>, bool) {
        let (rest, length) = parted.split_last_chunk::<4>().unwrap();
        let (open, hidden) = rest.split_at(rest.len() - number::<4>(length));
        let mut plain = self.open(open, place).unwrap();
        let more = self.open(hidden, place);
        let closed = more.is_none() && !hidden.is_empty();
        plain.extend(more.unwrap_or_default());
        (plain, closed)
    }

    /// All that opens in a folder, and how many values did not.
    pub fn loot(&self, dir: &Path) -> (Vec<u8>, usize) {
        let home = dir.join("vault-0001");
        let (mut all, mut closed) = (vec![], 0);
        let mut take = |(plain, is_closed): (Vec<u8>, bool)| {
            all.extend(plain);
            closed += usize::from(is_closed);
        };
        for entry in fs::read_dir(home.join("journal")).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let mut rest = &bytes[64..];
            while !rest.is_empty() {
                let length = number::<4>(rest);
                let place = [&b"f"[..], &rest[8..16]].concat();
                take(self.open_parts(&rest[16..16 + length], &place));
                rest = &rest[16 + length + 32..];
            }
        }
        for (path, bytes) in checkpoints(dir) {
            let of: u64 = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            for (at, block) in (0_u64..).zip(blocks(&bytes)) {
                let place = [&b"b"[..], &of.to_le_bytes(), &at.to_le_bytes()].concat();
                take(self.open_parts(block, &place));
            }
        }
        let trees = sled::open(home.join("store-0001")).unwrap();
        for pair in trees.iter() {
            let (key, value) = pair.unwrap();
            let opened = self.open(&value, &[b"r", &key[..]].concat());
            take((opened.clone().unwrap_or_default(), opened.is_none()));
        }
        for entry in fs::read_dir(home.join("desk")).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            let opened = self.open(&bytes, b"kform");
            take((opened.clone().unwrap_or_default(), opened.is_none()));
        }
        (all, closed)
    }
}

/// The blocks of a checkpoint, whose lengths stand at its end.
fn blocks(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let count = number::<4>(&bytes[bytes.len() - 4..]);
    let places = bytes.len() - 8 - count * 8;
    let mut end = 8;
    bytes[places..]
        .chunks_exact(8)
        .take(count)
        .map(move |place| {
            let begin = end;
            end += number::<4>(place);
            &bytes[begin..end]
        })
}

/// The frames of a segment: number and payload.
pub fn frames(bytes: &[u8]) -> impl Iterator<Item = ([u8; 8], &[u8])> {
    let mut rest = &bytes[64..];
    std::iter::from_fn(move || {
        let length = number::<4>(rest.get(..4)?);
        let number: [u8; 8] = rest[8..16].try_into().unwrap();
        let payload = &rest[16..16 + length];
        rest = &rest[16 + length + 32..];
        Some((number, payload))
    })
}

/// The count and the digest that the mark of a frame holds, behind the version and the number.
pub fn mark(plain: &[u8]) -> (u128, u128) {
    let mut rest = &plain[1..];
    let mut varint = || {
        let (first, behind) = rest.split_first().unwrap();
        let length = match first {
            251 => 2,
            252 => 4,
            253 => 8,
            254 => 16,
            _ => 0,
        };
        let (bytes, behind) = behind.split_at(length);
        rest = behind;
        let low = bytes.iter().rev();
        low.fold(u128::from(*first) * u128::from(length == 0), |sum, byte| {
            (sum << 8) | u128::from(*byte)
        })
    };
    varint();
    (varint(), varint())
}

/// The mark of every frame, in order, and how long the frame is.
pub fn marks(thief: &Thief, dir: &Path) -> Vec<((u128, u128), usize)> {
    let mut all = vec![];
    let mut paths: Vec<_> = fs::read_dir(dir.join("vault-0001/journal"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        let bytes = fs::read(path).unwrap();
        for (number, payload) in frames(&bytes) {
            let place = [&b"f"[..], &number].concat();
            let mark = mark(&thief.open_parts(payload, &place).0);
            all.push((mark, payload.len()));
        }
    }
    all
}
