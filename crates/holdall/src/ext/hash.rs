//! Digests of content.

use std::fmt;
use std::str::FromStr;

use digest::{Digest, DynDigest};

use crate::error::{Error, ErrorKind, Result};
use crate::model::ContentDigest;

/// An algorithm for a [`Hasher`].
///
/// MD5 and SHA-1 are there to compare with what others have recorded; neither
/// protects against an adversary.
///
/// ```
/// use holdall::ext::hash::HashAlgorithm;
///
/// let algorithm: HashAlgorithm = "sha256".parse()?;
/// assert_eq!(algorithm, HashAlgorithm::Sha256);
/// assert!("crc32".parse::<HashAlgorithm>().is_err());
/// # Ok::<(), holdall::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// `md5`.
    Md5,
    /// `sha1`.
    Sha1,
    /// `sha256`.
    Sha256,
    /// `sha512`.
    Sha512,
    /// `blake3`, with its standard length of 32 bytes.
    Blake3,
}

impl HashAlgorithm {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Md5,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Blake3,
    ];

    /// The name, as it stands in a [`ContentDigest`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Blake3 => "blake3",
        }
    }

    /// A hasher that has seen nothing yet.
    pub fn hasher(self) -> Hasher {
        let state = match self {
            Self::Md5 => State::Fixed(Box::new(md5::Md5::new())),
            Self::Sha1 => State::Fixed(Box::new(sha1::Sha1::new())),
            Self::Sha256 => State::Fixed(Box::new(sha2::Sha256::new())),
            Self::Sha512 => State::Fixed(Box::new(sha2::Sha512::new())),
            Self::Blake3 => State::Blake3(Box::default()),
        };
        Hasher {
            algorithm: self,
            state,
        }
    }
}

impl fmt::Display for HashAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HashAlgorithm {
    type Err = Error;

    /// By name, in any case.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidArgument`] that lists the names.
    fn from_str(name: &str) -> Result<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|algorithm| algorithm.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::as_str).join(", ");
                Error::new(
                    ErrorKind::InvalidArgument,
                    format!("unknown hash algorithm {name:?}; there are {names}"),
                )
            })
    }
}

/// A digest in the making.
///
/// ```
/// use holdall::ext::hash::HashAlgorithm;
///
/// let mut hasher = HashAlgorithm::Md5.hasher();
/// hasher.update(b"hello, ");
/// hasher.update(b"world");
/// assert_eq!(hasher.finish().to_string(), "md5:e4d7f1b4ed2e42d15898f4b27b019da4");
/// ```
pub struct Hasher {
    algorithm: HashAlgorithm,
    state: State,
}

enum State {
    Fixed(Box<dyn DynDigest + Send + Sync>),
    Blake3(Box<blake3::Hasher>),
}

impl Hasher {
    /// The algorithm.
    pub fn algorithm(&self) -> HashAlgorithm {
        self.algorithm
    }

    /// Adds `bytes` to the end of the content.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Fixed(state) => state.update(bytes),
            State::Blake3(state) => {
                state.update(bytes);
            }
        }
    }

    /// The digest of all that was added.
    pub fn finish(self) -> ContentDigest {
        let algorithm = self.algorithm.as_str();
        match self.state {
            State::Fixed(state) => ContentDigest::from_bytes(algorithm, &state.finalize()),
            State::Blake3(state) => {
                ContentDigest::from_bytes(algorithm, state.finalize().as_bytes())
            }
        }
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `printf abc | md5sum`, `sha1sum`, `sha256sum`, `sha512sum`, and the
    /// first 32 bytes of BLAKE3 by its reference implementation.
    const ABC: [&str; 5] = [
        "md5:900150983cd24fb0d6963f7d28e17f72",
        "sha1:a9993e364706816aba3e25717850c26c9cd0d89d",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "blake3:6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
    ];

    #[test]
    fn every_algorithm_gives_its_published_digest_in_any_pieces() {
        for (algorithm, digest) in HashAlgorithm::ALL.into_iter().zip(ABC) {
            for pieces in [&[&b"abc"[..]][..], &[b"a", b"", b"bc"]] {
                let mut hasher = algorithm.hasher();
                pieces.iter().for_each(|piece| hasher.update(piece));
                assert_eq!(hasher.finish().to_string(), digest);
            }
        }
    }

    #[test]
    fn a_name_goes_both_ways_and_an_unknown_one_is_refused() {
        for algorithm in HashAlgorithm::ALL {
            assert_eq!(
                algorithm.to_string().parse::<HashAlgorithm>().unwrap(),
                algorithm
            );
        }
        assert_eq!(
            "SHA256".parse::<HashAlgorithm>().unwrap(),
            HashAlgorithm::Sha256
        );
        for name in ["", "sha-256", "sha3", "md5 "] {
            let error = name.parse::<HashAlgorithm>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name:?}");
        }
    }
}
