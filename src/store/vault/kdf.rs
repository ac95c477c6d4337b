//! From a passphrase to a key: argon2id, slow on purpose.
//!
//! Invariant: nothing is computed with parameters below the floor, which would make guessing cheap,
//! nor above the ceiling, which would let a forged file take the machine.

use crate::store::vault::fault::KeyFault;
use argon2::Algorithm;
use argon2::Argon2;
use argon2::Params;
use argon2::Version;
use secrecy::ExposeSecret;
use secrecy::SecretBox;
use secrecy::SecretString;
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// How long unlocking is to take.
const WANTED: Duration = Duration::from_millis(700);

/// So often the probe is timed.
const TRIALS: u32 = 5;

/// New slots take no more memory than this, in KiB: small machines must open them too.
const ROOMY: u32 = 256 << 10;

/// The least that a stored slot may ask for: memory in KiB and passes, either pair.
const FLOORS: [(u32, u32); 2] = [(19 << 10, 2), (46 << 10, 1)];

/// The most that a stored slot may ask for.
const MOST_MEMORY: u32 = 1 << 20;
const MOST_PASSES: u32 = 20;
const MOST_LANES: u32 = 8;
/// Memory times passes: some ten seconds.
const MOST_WORK: u64 = 8 << 20;

/// A passphrase has at least so many characters, or so many words.
const SHORTEST: usize = 10;
const WORDS: usize = 4;

/// What turning a passphrase into a key costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// The least that a new slot gets, and what is measured to find how much more it can be.
    pub const PROBE: Cost = Cost {
        memory: 64 << 10,
        passes: 3,
        lanes: 1,
    };

    /// The least that any slot may have.
    pub const FLOOR: Cost = Cost {
        memory: FLOORS[0].0,
        passes: FLOORS[0].1,
        lanes: 1,
    };

    /// The cost that takes between half a second and a second on a machine where the probe took so
    /// long: more memory as far as small machines have it, then more passes.
    pub fn fitted(took: Duration) -> Cost {
        let times = WANTED.as_secs_f64() / took.as_secs_f64().max(0.001);
        let memory = (f64::from(Cost::PROBE.memory) * times)
            .clamp(f64::from(Cost::PROBE.memory), f64::from(ROOMY));
        let left = times * f64::from(Cost::PROBE.memory) / memory;
        let passes = (f64::from(Cost::PROBE.passes) * left)
            .clamp(f64::from(Cost::PROBE.passes), f64::from(MOST_PASSES));
        #[expect(clippy::cast_sign_loss, reason = "both were clamped to what fits")]
        let (memory, passes) = (memory as u32, passes as u32);
        Cost {
            memory,
            passes,
            lanes: 1,
        }
    }

    /// The cost that is right for this machine. The probe is timed some times and the fastest counts:
    /// a machine that is busy just now will be idle when somebody guesses.
    pub fn measured(
        mut time: impl FnMut(Cost) -> Result<Duration, KeyFault>,
    ) -> Result<Cost, KeyFault> {
        let mut fastest = time(Cost::PROBE)?;
        for _ in 1..TRIALS {
            fastest = fastest.min(time(Cost::PROBE)?);
        }
        Ok(Cost::fitted(fastest))
    }

    /// Computes a key that nobody will use, to be measured.
    pub fn try_out(self) -> Result<(), KeyFault> {
        let secret = SecretString::from("a passphrase to measure with");
        self.derive(&secret, &[0; 16]).map(drop)
    }

    /// Whether a slot may ask for this.
    pub(super) fn check(self, slot: u8) -> Result<(), KeyFault> {
        let is_above = |(memory, passes)| self.memory >= memory && self.passes >= passes;
        let work = u64::from(self.memory) * u64::from(self.passes);
        if !FLOORS.into_iter().any(is_above) || self.lanes == 0 {
            Err(KeyFault::Weak(slot))
        } else if self.memory > MOST_MEMORY
            || self.passes > MOST_PASSES
            || self.lanes > MOST_LANES
            || work > MOST_WORK
        {
            Err(KeyFault::Heavy(slot))
        } else {
            Ok(())
        }
    }

    /// The key behind a passphrase.
    pub(super) fn derive(
        self,
        passphrase: &SecretString,
        salt: &[u8; 16],
    ) -> Result<SecretBox<[u8; 32]>, KeyFault> {
        let machine = |fault: argon2::Error| KeyFault::Machine(fault.to_string());
        let params =
            Params::new(self.memory, self.passes, self.lanes, Some(32)).map_err(machine)?;
        let mut key = Box::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(plain(passphrase).as_bytes(), salt, key.as_mut_slice())
            .map_err(machine)?;
        Ok(SecretBox::new(key))
    }
}

/// Whether a passphrase is long enough to be taken.
pub(crate) fn require_long(passphrase: &SecretString) -> Result<(), KeyFault> {
    let plain = plain(passphrase);
    let words = plain.split_whitespace().count();
    if plain.chars().count() >= SHORTEST || words >= WORDS {
        Ok(())
    } else {
        Err(KeyFault::Short)
    }
}

/// A passphrase as it counts: typed through an input method or not, it is the same.
fn plain(passphrase: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(passphrase.expose_secret().trim().nfkc().collect())
}
