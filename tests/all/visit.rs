//! Visits: what is logged, what it comes to for a person, and taking it back.

mod journeys;
mod laws;
mod round;
