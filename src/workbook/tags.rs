//! Walks the tags of an XML stream without parsing what lies between: to count and to find, where a whole parse would
//! cost more than the reading itself. One tag and the text before it are in memory at a time.

use memchr::{memchr, memmem};
use std::io::{self, Read};
use std::ops::Range;

/// No text and no tag of a workbook is longer (a cell holds 32,767 characters).
const MAX_RUN: usize = 4 << 20;
const CHUNK: usize = 1 << 16;

/// What kind of tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Empty,
}

/// A tag with the text before it.
pub(super) struct Tag<'a> {
    pub(super) kind: Kind,
    /// Name without namespace prefix.
    pub(super) name: &'a [u8],
    attributes: &'a [u8],
    /// Raw text between the tag before and this one.
    pub(super) text: &'a [u8],
    /// Where the tag stands in the stream: from its `<` to behind its `>`.
    pub(super) place: Range<usize>,
}

/// The walk.
pub(super) struct Tags<R> {
    reader: R,
    buffer: Vec<u8>,
    position: usize,
    /// Bytes of the stream before the buffer.
    passed: usize,
    ended: bool,
}

impl<R: Read> Tags<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::with_capacity(2 * CHUNK), position: 0, passed: 0, ended: false }
    }

    /// The next tag; comments, instructions and declarations are passed over, CDATA counts as text.
    pub(super) fn next(&mut self) -> io::Result<Option<Tag<'_>>> {
        let mut scanned = 0;
        let (open, end) = loop {
            let Some(open) = self.find(scanned, |rest| memchr(b'<', rest))? else {
                return Ok(None);
            };
            let terminator: &[u8] = match self.ahead(open, 9)? {
                ahead if ahead.starts_with(b"<!--") => b"-->",
                ahead if ahead.starts_with(b"<![CDATA[") => b"]]>",
                ahead if ahead.starts_with(b"<?") => b"?>",
                ahead if ahead.starts_with(b"<!") => b">",
                _ => {
                    let Some(end) = self.find(open, tag_end)? else {
                        return Ok(None);
                    };
                    break (open, end);
                }
            };
            let Some(end) = self.find(open, |rest| memmem::find(rest, terminator))? else {
                return Ok(None);
            };
            scanned = end + terminator.len();
        };
        let start = self.position;
        self.position += end + 1;
        let place = self.passed + start + open..self.passed + self.position;
        let element = &self.buffer[start..start + end];
        let (text, inside) = (&element[..open], &element[open + 1..]);
        let (kind, inside) = match inside {
            [b'/', rest @ ..] => (Kind::Close, rest),
            [rest @ .., b'/'] => (Kind::Empty, rest),
            rest => (Kind::Open, rest),
        };
        let name_end = inside.iter().position(u8::is_ascii_whitespace).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(name_end);
        let name = memchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
        Ok(Some(Tag { kind, name, attributes, text, place }))
    }

    /// Offset (from the current position) of what `search` finds at or after `from`, reading on as needed.
    fn find(&mut self, mut from: usize, search: impl Fn(&[u8]) -> Option<usize>) -> io::Result<Option<usize>> {
        let begin = from;
        loop {
            if let Some(found) = self.buffer.get(self.position + from..).and_then(&search) {
                return Ok(Some(from + found));
            }
            // A terminator or a quoted attribute may straddle what has been read: search again from the beginning.
            from = begin;
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    fn ahead(&mut self, from: usize, length: usize) -> io::Result<&[u8]> {
        while self.buffer.len() < self.position + from + length && self.more()? {}
        Ok(&self.buffer[self.position + from..])
    }

    fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.position > 0 {
            self.buffer.drain(..self.position);
            self.passed += self.position;
            self.position = 0;
        }
        if self.buffer.len() > MAX_RUN {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "holds a text of more than 4 MiB"));
        }
        let length = self.buffer.len();
        // Doubling keeps the repeated searches for a long run linear.
        self.buffer.resize(length + CHUNK.max(length), 0);
        let mut read = 0;
        while read == 0 {
            match self.reader.read(&mut self.buffer[length..]) {
                Ok(0) => break,
                Ok(count) => read = count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.buffer.truncate(length + read);
        self.ended = read == 0;
        Ok(read > 0)
    }
}

/// Where a tag ends: the first `>` outside of quotation marks.
fn tag_end(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|&byte| {
        match quote {
            Some(open) if byte == open => quote = None,
            Some(_) => {}
            None if byte == b'"' || byte == b'\'' => quote = Some(byte),
            None => return byte == b'>',
        }
        false
    })
}

impl Tag<'_> {
    /// Raw value of an attribute, by its name with prefix.
    pub(super) fn attribute(&self, name: &[u8]) -> Option<&[u8]> {
        self.find(|found| found == name)
    }

    /// Raw value of an attribute with a prefix ("r:id", whatever the prefix).
    pub(super) fn prefixed(&self, name: &[u8]) -> Option<&[u8]> {
        self.find(|found| found.strip_suffix(name).is_some_and(|prefix| prefix.ends_with(b":")))
    }

    /// An attribute's text, entities resolved.
    pub(super) fn text_of(&self, name: &[u8]) -> Option<String> {
        self.attribute(name).map(unescaped)
    }

    /// An attribute's number.
    pub(super) fn number(&self, name: &[u8]) -> Option<u32> {
        std::str::from_utf8(self.attribute(name)?).ok()?.trim().parse().ok()
    }

    /// Whether a boolean attribute is set.
    pub(super) fn is_set(&self, name: &[u8]) -> bool {
        matches!(self.attribute(name), Some(b"1" | b"true" | b"TRUE" | b"on"))
    }

    fn find(&self, wanted: impl Fn(&[u8]) -> bool) -> Option<&[u8]> {
        let mut rest = self.attributes;
        loop {
            let equals = memchr(b'=', rest)?;
            let name = rest[..equals].trim_ascii();
            let value = rest[equals + 1..].trim_ascii_start();
            let (&quote, value) = value.split_first()?;
            let end = memchr(quote, value)?;
            if wanted(name) {
                return Some(&value[..end]);
            }
            rest = &value[end + 1..];
        }
    }
}

/// Text with entities resolved; one that cannot be resolved stays as it stands.
pub(super) fn unescaped(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    quick_xml::escape::unescape(&text).map_or_else(|_| text.to_string(), |text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = "<?xml version='1.0'?><!-- <no> --><x:row  r = '1' t=\"a>b\"><c r=\"A&amp;1\"/>\n<v>5<![CDATA[<w>]]>6</v></x:row> tail";

    /// Gives one byte at a time, so that everything straddles.
    struct Dribble<'a>(&'a [u8]);

    impl Read for Dribble<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((&first, rest)) = self.0.split_first() else {
                return Ok(0);
            };
            buffer[0] = first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn walk(reader: impl Read) -> Vec<String> {
        let mut tags = Tags::new(reader);
        let mut found = Vec::new();
        while let Some(tag) = tags.next().unwrap() {
            assert_eq!(XML.as_bytes()[tag.place.start], b'<');
            assert_eq!(XML.as_bytes()[tag.place.end - 1], b'>');
            let [name, text] = [tag.name, tag.text].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let r = tag.text_of(b"r").unwrap_or_default();
            found.push(format!("{text}|{name} {:?} {r}", tag.kind));
        }
        found
    }

    #[test]
    fn tags_are_found_however_they_arrive() {
        let xml = XML.as_bytes();
        let expected = ["|row Open 1", "|c Empty A&1", "\n|v Open ", "5<![CDATA[<w>]]>6|v Close ", "|row Close "];
        let found = walk(xml);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        assert!(found[0].ends_with(expected[0]) && found[1..] == expected[1..], "{found:?}");
        assert_eq!(walk(Dribble(xml)), walk(xml));
    }

    #[test]
    fn a_text_without_end_is_refused() {
        let mut tags = Tags::new(io::repeat(b'a'));
        assert_eq!(tags.next().err().map(|error| error.kind()), Some(io::ErrorKind::FileTooLarge));
        assert!(Tags::new(&b"<a"[..]).next().unwrap().is_none());
        assert!(Tags::new(&b"<a b=\"x>"[..]).next().unwrap().is_none());
    }
}
