//! Which encoding a text without a mark is in.
//!
//! Byte order marks and valid UTF-8 settle it. For the rest Firefox's detector proposes; it knows the web, not old
//! Macs and DOS programs, so their code pages are tried as well, and the one whose letters stand where letters stand wins.

use encoding_rs::{Encoding, MACINTOSH, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Upper half of code page 850, which DOS programs and some tills still write; no crate at hand has it.
const CP_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The text, and the name of its encoding if it had to be guessed.
pub(super) fn decoded(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some(encoding) = utf_16(bytes) {
        return (encoding.decode(bytes).0.into_owned(), None);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(), None);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let decode = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0.into_owned();
    let mut best = (decode(guess), name(guess));
    let mut cost = oddness(&best.0);
    for (text, name) in [
        (decode(WINDOWS_1252), name(WINDOWS_1252)),
        (decode(MACINTOSH), "Mac Roman"),
        (dos(bytes), "DOS code page 850"),
    ] {
        // The detector's word stands unless another reading is clearly better.
        let other = oddness(&text);
        if other + 3 <= cost {
            (best, cost) = ((text, name), other);
        }
    }
    (best.0, Some(best.1))
}

/// UTF-16 by its mark, or by every other byte being zero in a text of Latin letters.
pub(super) fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = &bytes[..bytes.len().min(4096)];
    if head.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    if odd * 10 >= pairs * 8 && even * 20 <= pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 8 && odd * 20 <= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Text in code page 850.
pub(super) fn dos(bytes: &[u8]) -> String {
    let upper: Vec<char> = CP_850.chars().collect();
    bytes.iter().map(|&byte| if byte < 128 { byte as char } else { upper[usize::from(byte) - 128] }).collect()
}

fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == MACINTOSH { "Mac Roman" } else { encoding.name() }
}

/// How often letters stand where they do not in European names: signs within words, capitals after small letters.
fn oddness(text: &str) -> usize {
    let mut cost = 0;
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        if !c.is_ascii() {
            let beside = before.is_ascii_alphabetic() || after.is_ascii_alphabetic();
            cost += match c {
                '\u{fffd}' | '\u{80}'..='\u{9f}' => 5,
                // Typographic quotes and signs stand beside words; within one only the apostrophe does.
                '‘' | '’' | '“' | '”' | '–' | '—' | '…' | '€' | '®' | '™' | '°' | 'º' | 'ª' | '«' | '»' | '\u{a0}'
                | '£' | '§' | '±' => usize::from(before.is_ascii_lowercase() && after.is_ascii_lowercase()),
                _ if !c.is_alphabetic() => 1 + 2 * usize::from(beside),
                _ if c as u32 > 0x24F => 3 * usize::from(beside),
                _ if c.is_uppercase() && before.is_lowercase() => 3,
                _ if c.is_lowercase() && after.is_ascii_uppercase() && before.is_ascii_uppercase() => 3,
                _ => 0,
            };
        }
        before = c;
    }
    cost
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Kunde;Betreuer\nMüller & Söhne;Jürgen Groß\nCafé São José;Françoise Lefèvre\nCompañía Núñez;Zoë\n";

    #[test]
    fn encodings_of_europe_are_told_apart() {
        let dos_bytes: Vec<u8> = TEXT
            .chars()
            .map(|c| if c.is_ascii() { c as u8 } else { (CP_850.chars().position(|d| d == c).unwrap() + 128) as u8 })
            .collect();
        for (bytes, name) in [
            (TEXT.as_bytes().to_vec(), None),
            ([b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(), None),
            (WINDOWS_1252.encode(TEXT).0.into_owned(), Some("windows-1252")),
            (MACINTOSH.encode(TEXT).0.into_owned(), Some("Mac Roman")),
            (dos_bytes, Some("DOS code page 850")),
            (TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect(), None),
            (TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect(), None),
            ([0xFF, 0xFE].into_iter().chain(TEXT.encode_utf16().flat_map(u16::to_le_bytes)).collect(), None),
        ] {
            assert_eq!(decoded(&bytes), (TEXT.to_owned(), name));
        }
    }

    #[test]
    fn code_page_850_is_whole() {
        assert_eq!(CP_850.chars().count(), 128);
    }

    #[test]
    fn one_apostrophe_does_not_make_a_mac() {
        assert_eq!(decoded(b"Soci\xE9t\xE9 d\x92aujourd\x92hui;L\x92Or\xE9al").0, "Société d’aujourd’hui;L’Oréal");
    }
}
