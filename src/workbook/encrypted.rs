//! Packages that are protected with a password: ECMA-376 agile and standard encryption, as MS-OFFCRYPTO publishes them.
//!
//! A password is checked before anything is decrypted with it; what is decrypted is a package like any other, whose
//! parts have checksums.

use super::compound::{Compound, u32_at};
use super::tags::Tags;
use crate::error::FileError;
use crate::password::Passwords;
use aes::cipher::{Block, BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

const BLOCK: usize = 16;
/// Bytes that agile encryption chains; each segment begins anew.
const SEGMENT: usize = 4096;
/// Office writes 100,000 rounds; millions would only hold the run up.
const MAX_ROUNDS: u32 = 1_000_000;
/// With this Excel protects what it opens without asking (a workbook that is only not to be changed).
const EXCELS_OWN: &str = "VelvetSweatshop";
/// Rounds of standard encryption.
const ROUNDS: u32 = 50_000;

/// The package, opened with the first password that fits.
pub(super) fn opened(compound: &Compound<'_>, passwords: &Passwords) -> Result<Vec<u8>, FileError> {
    let scheme = match (compound.stream("EncryptionInfo")?, compound.stream("EncryptedPackage")?) {
        (Some(info), Some(package)) => Scheme::of(&info).map(|scheme| (scheme, package)),
        _ => None,
    };
    let Some((scheme, package)) = scheme else {
        return Err(FileError::LockedFormat("rights management, or a scheme of another program".into()));
    };
    let mut tried = passwords.exposed().iter().map(String::as_str).chain([EXCELS_OWN]);
    let key = tried.find_map(|password| scheme.key(password)).ok_or(match passwords.exposed().len() {
        0 => FileError::Password,
        given => FileError::WrongPassword(given),
    })?;
    scheme
        .decrypted(&key, &package)
        .ok_or_else(|| FileError::Damaged("what its password protects is cut off (was it copied completely?)".into()))
}

enum Scheme {
    Agile { data: KeyData, verifier: KeyData, rounds: u32, input: Vec<u8>, hash: Vec<u8>, key: Vec<u8> },
    Standard { key_bytes: usize, salt: Vec<u8>, verifier: Vec<u8>, hash: Vec<u8> },
}

/// How agile encryption makes keys and initial blocks.
struct KeyData {
    hash: Hash,
    key_bytes: usize,
    salt: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"SHA1" | b"SHA-1" => Self::Sha1,
            b"SHA256" | b"SHA-256" => Self::Sha256,
            b"SHA384" | b"SHA-384" => Self::Sha384,
            b"SHA512" | b"SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: [&[u8]; 2]) -> Vec<u8> {
        fn digest<D: Digest>([first, second]: [&[u8]; 2]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Self::Sha1 => digest::<Sha1>(parts),
            Self::Sha256 => digest::<Sha256>(parts),
            Self::Sha384 => digest::<Sha384>(parts),
            Self::Sha512 => digest::<Sha512>(parts),
        }
    }

    /// The hash of salt and password, hashed again and again with the number of the round.
    fn of_password(self, salt: &[u8], password: &str, rounds: u32) -> Vec<u8> {
        let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        (0..rounds).fold(self.of([salt, &password]), |hash, round| self.of([&round.to_le_bytes(), &hash]))
    }
}

impl KeyData {
    /// Of a `keyData` or `encryptedKey` element.
    fn of(tag: &super::tags::Tag<'_>) -> Option<Self> {
        let key_bits = tag.number(b"keyBits")?;
        let aes = tag.attribute(b"cipherAlgorithm") == Some(b"AES");
        let chained = tag.attribute(b"cipherChaining") == Some(b"ChainingModeCBC");
        let usual = matches!(key_bits, 128 | 192 | 256) && tag.number(b"blockSize") == Some(BLOCK as u32);
        let salt = base64(tag.attribute(b"saltValue")?)?;
        let hash = Hash::named(tag.attribute(b"hashAlgorithm")?)?;
        (aes && chained && usual).then_some(Self { hash, key_bytes: key_bits as usize / 8, salt })
    }
}

/// Cut or filled up to a length, as keys and initial blocks are.
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}

impl Scheme {
    fn of(info: &[u8]) -> Option<Self> {
        match info.get(..4)? {
            [4, 0, 4, 0] => Self::agile(info.get(8..)?),
            [2..=4, 0, 2, 0] => Self::standard(info),
            _ => None,
        }
    }

    fn agile(xml: &[u8]) -> Option<Self> {
        let mut tags = Tags::new(xml);
        let mut data = None;
        while let Some(tag) = tags.next().ok()? {
            match tag.name {
                b"keyData" => data = Some(KeyData::of(&tag)?),
                // other keys are certificates'
                b"encryptedKey" if tag.attribute(b"spinCount").is_some() => {
                    let value = |name: &[u8]| base64(tag.attribute(name)?);
                    let rounds = tag.number(b"spinCount").filter(|&rounds| rounds <= MAX_ROUNDS)?;
                    return Some(Self::Agile {
                        data: data?,
                        verifier: KeyData::of(&tag)?,
                        rounds,
                        input: value(b"encryptedVerifierHashInput")?,
                        hash: value(b"encryptedVerifierHashValue")?,
                        key: value(b"encryptedKeyValue")?,
                    });
                }
                _ => {}
            }
        }
        None
    }

    fn standard(info: &[u8]) -> Option<Self> {
        const AES: [u32; 4] = [0, 0x660E, 0x660F, 0x6610];
        let header_bytes = u32_at(info, 8) as usize;
        let key_bits = u32_at(info, 12 + 16);
        let verifier = info.get(12_usize.checked_add(header_bytes)?..)?;
        let usual = AES.contains(&u32_at(info, 12 + 8)) && matches!(key_bits, 128 | 192 | 256);
        usual.then_some(Self::Standard {
            key_bytes: key_bits as usize / 8,
            salt: verifier.get(4..20)?.to_vec(),
            verifier: verifier.get(20..36)?.to_vec(),
            hash: verifier.get(40..72)?.to_vec(),
        })
    }

    /// The package's key, if the password is right.
    fn key(&self, password: &str) -> Option<Vec<u8>> {
        match self {
            Self::Agile { verifier, rounds, input, hash, key, .. } => {
                let hashed = verifier.hash.of_password(&verifier.salt, password, *rounds);
                let iv = fitted(verifier.salt.clone(), BLOCK);
                let opened = |block: u64, data: &[u8]| {
                    let key = fitted(verifier.hash.of([&hashed, &block.to_be_bytes()]), verifier.key_bytes);
                    chained(&key, &iv, data)
                };
                let input = opened(0xFEA7_D276_3B4B_9E79, input)?;
                let expected = opened(0xD7AA_0F6D_3061_344E, hash)?;
                let right = verifier.hash.of([input.get(..verifier.salt.len())?, &[]]);
                let key = opened(0x146E_0BE7_ABAC_D0D6, key)?;
                (expected.get(..right.len())? == right).then_some(key.get(..verifier.key_bytes)?.to_vec())
            }
            Self::Standard { key_bytes, salt, verifier, hash } => {
                let hashed = Hash::Sha1.of_password(salt, password, ROUNDS);
                let hashed = Hash::Sha1.of([&hashed, &[0; 4]]);
                let half = |fill: u8| {
                    let mut block = [fill; 64];
                    block.iter_mut().zip(&hashed).for_each(|(byte, hash)| *byte ^= hash);
                    Hash::Sha1.of([&block, &[]])
                };
                let key = fitted([half(0x36), half(0x5C)].concat(), *key_bytes);
                let right = Hash::Sha1.of([&blocks(&key, verifier)?, &[]]);
                (blocks(&key, hash)?.get(..right.len())? == right).then_some(key)
            }
        }
    }

    fn decrypted(&self, key: &[u8], package: &[u8]) -> Option<Vec<u8>> {
        let size = usize::try_from(u64::from_le_bytes(*package.first_chunk()?)).ok()?;
        let content = &package[8..];
        let mut plain = match self {
            Self::Standard { .. } => blocks(key, &content[..content.len() - content.len() % BLOCK])?,
            Self::Agile { data, .. } => {
                let mut plain = Vec::with_capacity(content.len());
                for (index, segment) in (0_u32..).zip(content.chunks(SEGMENT)) {
                    let iv = fitted(data.hash.of([&data.salt, &index.to_le_bytes()]), BLOCK);
                    plain.extend(chained(key, &iv, &segment[..segment.len() - segment.len() % BLOCK])?);
                }
                plain
            }
        };
        (plain.len() >= size).then(|| {
            plain.truncate(size);
            plain
        })
    }
}

/// Decrypts blocks one by one (ECB); `None` if they are no whole blocks or the key is of no length that AES has.
fn blocks(key: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    fn decrypt<C: KeyInit + BlockCipherDecrypt>(key: &[u8], mut data: Vec<u8>) -> Option<Vec<u8>> {
        let cipher = C::new_from_slice(key).ok()?;
        for block in data.chunks_exact_mut(BLOCK) {
            let block: &mut Block<C> = block.try_into().ok()?;
            cipher.decrypt_block(block);
        }
        Some(data)
    }
    if !data.len().is_multiple_of(BLOCK) {
        return None;
    }
    match key.len() {
        16 => decrypt::<Aes128>(key, data.to_vec()),
        24 => decrypt::<Aes192>(key, data.to_vec()),
        32 => decrypt::<Aes256>(key, data.to_vec()),
        _ => None,
    }
}

/// Decrypts a chain of blocks (CBC).
fn chained(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let mut plain = blocks(key, data)?;
    for (plain, before) in plain.iter_mut().zip(iv.iter().chain(data)) {
        *plain ^= before;
    }
    Some(plain)
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut pending) = (Vec::new(), 0_u32, 0);
    for &letter in text.iter().filter(|letter| !letter.is_ascii_whitespace() && **letter != b'=') {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        (bits, pending) = (bits << 6 | u32::from(six), pending + 6);
        if pending >= 8 {
            pending -= 8;
            bytes.push((bits >> pending) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(base64(b"a2VlcA==").unwrap(), b"keep");
        assert_eq!(base64(b" a2Vl\ncHM= ").unwrap(), b"keeps");
        assert_eq!(base64(b"a-b"), None);
    }

    #[test]
    fn noise_is_no_scheme_and_no_crash() {
        for info in [&b""[..], b"\x04\0\x04\0", b"\x03\0\x02\0\x24\0\0\0\xFF\xFF\xFF\xFF", b"\x04\0\x04\0\x40\0\0\0<x"]
        {
            assert!(Scheme::of(info).is_none());
        }
    }
}
