//! Scales: how much a load weighs.
use std::collections::HashMap;
use std::fmt;

/// Anything that can be put on a scale.
pub trait Weighable {
    fn kilograms(&self) -> f64;

    fn is_light(&self) -> bool {
        self.kilograms() < 50.0
    }
}

#[derive(Debug, Clone)]
pub struct Crate {
    pub label: String,
    weight: f64,
}

impl Crate {
    pub fn new(label: &str, weight: f64) -> Self {
        Crate { label: label.to_string(), weight }
    }
}

impl Weighable for Crate {
    fn kilograms(&self) -> f64 {
        self.weight
    }
}

impl fmt::Display for Crate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} kg)", self.label, self.weight)
    }
}

/// A scale that keeps what it has weighed.
#[derive(Default)]
pub struct PlatformScale {
    seen: HashMap<String, f64>,
}

impl PlatformScale {
    pub fn weigh<W: Weighable>(&mut self, label: &str, load: &W) -> Option<f64> {
        self.seen.insert(label.to_string(), load.kilograms())
    }

    pub fn total(&self) -> f64 {
        self.seen.values().sum()
    }
}
