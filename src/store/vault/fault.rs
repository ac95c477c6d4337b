//! Why a register cannot be unlocked, or its keys not be changed.
//!
//! Invariant: every fault has words in both languages under its key, and none tells a secret.

/// What is wrong with a key file, a passphrase, or a wish to change them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// There is no key file.
    #[error("the key file is missing")]
    Missing,
    /// The file ends before its end.
    #[error("the key file is cut short")]
    Cut,
    /// The file goes on behind its end.
    #[error("the key file has bytes behind its end")]
    Trailing,
    /// It is something else.
    #[error("this is no key file")]
    NotKeys,
    /// A newer program wrote it.
    #[error("the key file was written by a newer jumin (version {0})")]
    Newer(u16),
    /// It belongs to another register.
    #[error("the key file is another register's")]
    Other,
    /// No slot, or more than there may be.
    #[error("the key file has {0} slots")]
    Slots(u8),
    /// The slots are not in order, or a number comes twice.
    #[error("the key file has slot {0} out of order")]
    Order(u8),
    /// A slot says something that is not known.
    #[error("slot {slot} of the key file: unknown {what}")]
    Unknown {
        /// The slot.
        slot: u8,
        /// What is not known.
        what: &'static str,
    },
    /// A name that is no text.
    #[error("slot {0} of the key file has a name that is no text")]
    Name(u8),
    /// Guessing at this slot would be cheap: somebody has weakened it.
    #[error("slot {0} of the key file is too weak")]
    Weak(u8),
    /// Computing this slot's key would take the machine: somebody wants to hold it up.
    #[error("slot {0} of the key file asks for too much")]
    Heavy(u8),
    /// The passphrase opens a slot, but the file was altered.
    #[error("the key file was altered")]
    Altered,
    /// No slot opens with this passphrase.
    #[error("the passphrase does not open the register")]
    Wrong,
    /// The recovery key is another one.
    #[error("the recovery key does not open the register")]
    WrongRecovery,
    /// It looks like a recovery key and is none.
    #[error("this is no recovery key")]
    NoRecovery,
    /// The recovery slot's own bytes are damaged.
    #[error("the recovery slot is damaged")]
    RecoverySlot,
    /// The passphrase is too short.
    #[error("the passphrase is too short")]
    Short,
    /// Only who manages may do this.
    #[error("only who manages the register may change its keys")]
    NotManager,
    /// Only looking is allowed.
    #[error("this key is for looking only")]
    OnlyLooks,
    /// It takes a key that opens everything, not only what who looks may see.
    #[error("this key opens only a part of the register")]
    Half,
    /// It is the last slot of a manager.
    #[error("{0} is the last who manages the register")]
    LastManager(String),
    /// Nobody of this name has a key.
    #[error("{0} has no key")]
    Nobody(String),
    /// Somebody of this name has one already.
    #[error("{0} has a key already")]
    Taken(String),
    /// A name must be there and must not be too long.
    #[error("a name has 1 to 80 bytes")]
    BadName,
    /// There is no room for another.
    #[error("all slots are taken")]
    Full,
    /// The recovery key has no passphrase that could be changed.
    #[error("the recovery key has no passphrase")]
    NoPassphrase,
    /// The register is not sealed.
    #[error("the register is not sealed")]
    NotSealed,
    /// The register is sealed already.
    #[error("the register is sealed already")]
    Sealed,
    /// The machine failed to compute.
    #[error("{0}")]
    Machine(String),
}

impl KeyFault {
    /// The words for it in `data/words/`, and what fills them.
    pub fn say(&self) -> (&'static str, Vec<(&'static str, String)>) {
        let slot = |slot: &u8| vec![("slot", slot.to_string())];
        let name = |name: &String| vec![("name", name.clone())];
        match self {
            KeyFault::Missing => ("key-missing", vec![]),
            KeyFault::Cut => ("key-cut", vec![]),
            KeyFault::Trailing => ("key-trailing", vec![]),
            KeyFault::NotKeys => ("key-not-keys", vec![]),
            KeyFault::Newer(version) => ("key-newer", vec![("version", version.to_string())]),
            KeyFault::Other => ("key-other", vec![]),
            KeyFault::Slots(count) => ("key-slots", vec![("count", count.to_string())]),
            KeyFault::Order(at) => ("key-order", slot(at)),
            KeyFault::Unknown { slot: at, .. } => ("key-unknown", slot(at)),
            KeyFault::Name(at) => ("key-name", slot(at)),
            KeyFault::Weak(at) => ("key-weak", slot(at)),
            KeyFault::Heavy(at) => ("key-heavy", slot(at)),
            KeyFault::Altered => ("key-altered", vec![]),
            KeyFault::Wrong => ("key-wrong", vec![]),
            KeyFault::WrongRecovery => ("key-wrong-recovery", vec![]),
            KeyFault::NoRecovery => ("key-no-recovery", vec![]),
            KeyFault::RecoverySlot => ("key-recovery-slot", vec![]),
            KeyFault::Short => ("key-short", vec![]),
            KeyFault::NotManager => ("key-not-manager", vec![]),
            KeyFault::OnlyLooks => ("key-only-looks", vec![]),
            KeyFault::Half => ("key-half", vec![]),
            KeyFault::LastManager(who) => ("key-last-manager", name(who)),
            KeyFault::Nobody(who) => ("key-nobody", name(who)),
            KeyFault::Taken(who) => ("key-taken", name(who)),
            KeyFault::BadName => ("key-bad-name", vec![]),
            KeyFault::Full => ("key-full", vec![]),
            KeyFault::NoPassphrase => ("key-no-passphrase", vec![]),
            KeyFault::NotSealed => ("key-not-sealed", vec![]),
            KeyFault::Sealed => ("key-sealed", vec![]),
            KeyFault::Machine(why) => ("key-machine", vec![("why", why.clone())]),
        }
    }

    /// Whether the file's own bytes are at fault, so that its copy may help.
    pub fn is_damage(&self) -> bool {
        use KeyFault as F;
        matches!(
            self,
            F::Missing
                | F::Cut
                | F::Trailing
                | F::NotKeys
                | F::Slots(_)
                | F::Order(_)
                | F::Unknown { .. }
                | F::Name(_)
                | F::Weak(_)
                | F::Heavy(_)
                | F::Altered
                | F::RecoverySlot
        )
    }
}
