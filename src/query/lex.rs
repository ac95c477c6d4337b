//! Text to tokens: quotes, brackets, keys, words; full-width punctuation folds first.
//!
//! Invariant: the tokens' spans are byte offsets into the text as typed.
