//! Data connections, and what goes over them.

mod ascii;
mod copy;
mod endpoint;
mod fault;
mod job;
mod passive;
mod progress;
mod throttle;

pub(crate) use endpoint::{Connector, Endpoint};
pub(crate) use fault::Fault;
pub(crate) use job::{Download, Listing, Manner, Upload};
pub(crate) use passive::listen;
pub(crate) use progress::{Progress, Stage};
pub(crate) use throttle::Throttle;
