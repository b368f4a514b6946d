//! Set-up and checks for developers.
fn main() {}
