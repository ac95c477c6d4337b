//! jumin (居民): a register of residents for a neighbourhood committee, in the terminal.
//!
//! One record per person plus dated classifications replaces the lists that a committee re-types;
//! every list becomes a saved query. The rooms, in reading order, and what each may name:
//!
//! ```text
//! model    -> -                 what the program is about: values only
//! words    -> model             what the program says, in Chinese and English
//! query    -> model             the filter language: text <-> Query
//! index    -> model query       all by which people are found: apply(changes), ask(query)
//! store    -> model             the register's folder: the journal is the truth, sled serves it
//! register -> model query index store     store and index in step
//! exchange -> model             ledgers in, lists out
//! demo     -> model             a made-up community, seeded, of any size
//! app      -> model query index           the screens' state: update(App, Msg) -> Effects
//! ui       -> model words query index app draw(App) -> Frame
//! term     -> all of the above  the loop: receive, update, perform, draw
//! cli      -> all but app, ui   the command line
//! ```
//!
//! Invariant: every arrow not drawn here is a never; `tests/all/house.rs` enforces it.

pub mod model;

pub mod words;

pub mod query;

pub mod index;

pub mod store;

pub mod register;

pub mod exchange;

pub mod demo;

pub mod app;

pub mod ui;

pub mod term;

pub mod cli;
