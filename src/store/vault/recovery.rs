//! The recovery key: an age identity, on paper. It opens the register when every passphrase is
//! forgotten, and any age program opens with it what was sealed to its public half.
//!
//! Invariant: the secret half is never stored.

use crate::store::vault::fault::KeyFault;
use age::DecryptError;
use age::x25519::Identity;
use age::x25519::Recipient;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use zeroize::Zeroizing;

/// How every recovery key begins.
const PREFIX: &str = "AGE-SECRET-KEY-1";

/// A new recovery key: the secret half to be put on paper, and the public half.
pub(super) fn forge() -> (SecretString, String) {
    let identity = Identity::generate();
    (identity.to_string(), identity.to_public().to_string())
}

/// Whether what was typed means to be a recovery key.
pub(super) fn is_meant(typed: &SecretString) -> bool {
    let typed = typed.expose_secret().trim();
    let head = typed.get(..PREFIX.len());
    head.is_some_and(|head| head.eq_ignore_ascii_case(PREFIX))
}

/// The recovery key that was typed: in groups or not, in capitals or not.
pub(crate) fn read(typed: &SecretString) -> Result<Identity, KeyFault> {
    let typed = typed.expose_secret();
    let together: Zeroizing<String> = Zeroizing::new(
        typed
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_uppercase())
            .collect(),
    );
    together.parse().map_err(|_| KeyFault::NoRecovery)
}

/// Seals data keys to a public half.
pub(super) fn wrap(recipient: &str, keys: &[u8]) -> Result<Vec<u8>, KeyFault> {
    let recipient: Recipient = recipient.parse().map_err(|_| KeyFault::RecoverySlot)?;
    age::encrypt(&recipient, keys).map_err(|fault| KeyFault::Machine(fault.to_string()))
}

/// Opens sealed data keys.
pub(super) fn unwrap(identity: &Identity, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
    let plain = age::decrypt(identity, wrapped).map_err(|fault| match fault {
        DecryptError::NoMatchingKeys => KeyFault::WrongRecovery,
        DecryptError::DecryptionFailed
        | DecryptError::ExcessiveWork { .. }
        | DecryptError::InvalidHeader
        | DecryptError::InvalidMac
        | DecryptError::Io(_)
        | DecryptError::KeyDecryptionFailed
        | DecryptError::UnknownFormat => KeyFault::RecoverySlot,
    })?;
    Ok(Zeroizing::new(plain))
}
