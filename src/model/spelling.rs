//! Texts in one spelling: full-width and other compatibility forms as their plain ones (NFKC).
//!
//! Invariant: a text that is plain already, as nearly all are, is not copied: an import compares
//! millions of them.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The text with compatibility forms made plain.
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// ASCII and the everyday hanzi, which no normalization alters.
fn is_plain(c: char) -> bool {
    c.is_ascii() || ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::is_plain;
    use super::plain;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn what_is_plain_is_what_normalization_leaves_alone() {
        let stays = |c: char| c.nfkc().eq([c]);
        let plain_ones = ('\0'..='\u{ffff}').filter(|c| is_plain(*c));
        assert!(plain_ones.clone().all(stays));
        assert!(plain_ones.count() > 20_000);
        assert_eq!(plain("１２Ｘ　张"), "12X 张");
    }
}
