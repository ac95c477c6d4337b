//! Sounds that many speakers do not tell apart.
//!
//! Invariant: what sounds alike is made the same text.

/// The ends of a syllable, and its beginnings.
const ENDS: &[(&str, &str)] = &[("ang", "an"), ("eng", "en"), ("ing", "in")];
const BEGINNINGS: &[(&str, &str)] = &[("zh", "z"), ("ch", "c"), ("sh", "s")];

/// A syllable without what many speakers do not tell apart.
pub(crate) fn slurred(syllable: &str) -> String {
    let end = ENDS.iter().find_map(|(full, short)| {
        let stem = syllable.strip_suffix(full)?;
        Some(format!("{stem}{short}"))
    });
    let syllable = end.unwrap_or_else(|| syllable.to_owned());
    let beginning = BEGINNINGS.iter().find_map(|(full, short)| {
        let rest = syllable.strip_prefix(full)?;
        Some(format!("{short}{rest}"))
    });
    beginning.unwrap_or(syllable)
}

/// The same where n and l are one too, as they are in whole provinces. Who searches may mean the
/// other one; two records are not one person's for that.
pub(crate) fn slurred_widely(syllable: &str) -> String {
    let mut slurred = slurred(syllable);
    if slurred.starts_with('n') {
        slurred.replace_range(..1, "l");
    }
    slurred
}
