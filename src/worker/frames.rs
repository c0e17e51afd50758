//! Messages on a pipe: eight bytes of length, then as many bytes.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};

/// Sends bytes.
pub(super) fn send(pipe: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    pipe.write_all(&(bytes.len() as u64).to_le_bytes())?;
    pipe.write_all(bytes)
}

/// Sends a value.
pub(super) fn send_value(pipe: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let bytes = postcard::to_allocvec(value).map_err(io::Error::other)?;
    send(pipe, &bytes)
}

/// The next message, or `None` at the end of the pipe. One that claims more than `limit` bytes is refused unread, and
/// memory is taken for what comes, not for what is claimed.
pub(super) fn receive(pipe: &mut impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match pipe.read(&mut length)? {
        0 => return Ok(None),
        read => pipe.read_exact(&mut length[read..])?,
    }
    let length = u64::from_le_bytes(length);
    if length > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("a message of {length} bytes")));
    }
    let mut bytes = Vec::new();
    pipe.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(Some(bytes)) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

/// A value from a message.
pub(super) fn value<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_whole_or_not_at_all() {
        let mut pipe = Vec::new();
        send(&mut pipe, b"first").unwrap();
        send_value(&mut pipe, &("second", 2_u8)).unwrap();
        let mut rest = pipe.as_slice();
        assert_eq!(receive(&mut rest, 5).unwrap().unwrap(), b"first");
        let second = receive(&mut rest, 100).unwrap().unwrap();
        assert_eq!(value::<(String, u8)>(&second).unwrap(), ("second".to_owned(), 2));
        assert!(receive(&mut rest, 100).unwrap().is_none());
        assert!(receive(&mut pipe.as_slice(), 4).is_err(), "more than the limit");
        assert!(receive(&mut &pipe[..10], 5).is_err(), "cut off");
        assert!(value::<(String, u8)>(b"\xFF").is_err());
    }
}
