//! Addresses of data connections.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// Where `PORT` or `EPRT` asks the server to connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataAddress {
    /// An address.
    Known(SocketAddr),
    /// `EPRT` with a protocol that is neither IPv4 nor IPv6.
    OtherProtocol,
}

impl DataAddress {
    /// Reads `h1,h2,h3,h4,p1,p2` (RFC 959, 4.1.2).
    pub fn from_port(argument: &str) -> Option<Self> {
        let mut numbers = argument.trim().split(',').map(|part| number(part.trim()));
        let mut next = || numbers.next().flatten();
        let ip = Ipv4Addr::new(next()?, next()?, next()?, next()?);
        let port = u16::from_be_bytes([next()?, next()?]);
        if numbers.next().is_some() {
            return None;
        }
        Some(Self::Known(SocketAddr::new(ip.into(), port)))
    }

    /// Reads `|1|address|port|`, with any delimiter (RFC 2428, 2).
    pub fn from_eprt(argument: &str) -> Option<Self> {
        let argument = argument.trim();
        let delimiter = argument.chars().next()?;
        let mut parts = argument.split(delimiter);
        let (before, protocol, host, port, after) = (
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
        );
        if !before.is_empty() || !after.is_empty() || parts.next().is_some() {
            return None;
        }
        let host: IpAddr = match protocol {
            "1" => IpAddr::V4(host.parse().ok()?),
            "2" => IpAddr::V6(host.parse().ok()?),
            other if other.bytes().all(|byte| byte.is_ascii_digit()) && !other.is_empty() => {
                return Some(Self::OtherProtocol);
            }
            _ => return None,
        };
        Some(Self::Known(SocketAddr::new(host, number(port)?)))
    }
}

/// A number of digits alone: the standard library reads a sign, too.
fn number<T: FromStr>(text: &str) -> Option<T> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits { text.parse().ok() } else { None }
}

/// What `EPSV` asks for (RFC 2428, 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpsvRequest {
    /// A port, for the protocol of the control connection.
    Same,
    /// A port for IPv4.
    V4,
    /// A port for IPv6.
    V6,
    /// A port for another protocol.
    OtherProtocol,
    /// That no other command opens data connections from now on.
    All,
}

impl EpsvRequest {
    /// Reads the argument; an empty one is none.
    pub fn parse(argument: &str) -> Option<Self> {
        match argument.trim() {
            "" => Some(Self::Same),
            "1" => Some(Self::V4),
            "2" => Some(Self::V6),
            all if all.eq_ignore_ascii_case("ALL") => Some(Self::All),
            other if other.bytes().all(|byte| byte.is_ascii_digit()) => Some(Self::OtherProtocol),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_is_six_bytes() {
        let known = DataAddress::Known("127.0.0.1:1025".parse().unwrap());
        assert_eq!(DataAddress::from_port("127,0,0,1,4,1"), Some(known));
        for wrong in [
            "",
            "1,2,3,4,5",
            "1,2,3,4,5,6,7",
            "256,0,0,1,4,1",
            "a,b,c,d,e,f",
            "+1,0,0,1,4,1",
        ] {
            assert_eq!(DataAddress::from_port(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn eprt_takes_any_delimiter() {
        let v6 = DataAddress::Known("[::1]:1025".parse().unwrap());
        assert_eq!(DataAddress::from_eprt("|2|::1|1025|"), Some(v6));
        assert_eq!(DataAddress::from_eprt("!2!::1!1025!"), Some(v6));
        assert_eq!(
            DataAddress::from_eprt("|3|x|1|"),
            Some(DataAddress::OtherProtocol)
        );
        for wrong in [
            "",
            "|",
            "|1|::1|1025|",
            "|1|127.0.0.1|1025",
            "|1|127.0.0.1|99999|",
            "|1|127.0.0.1|+1025|",
            "|||||",
            "|1|127.0.0.1|1|x",
        ] {
            assert_eq!(DataAddress::from_eprt(wrong), None, "{wrong}");
        }
    }
}
