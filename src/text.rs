//! Folding of texts for comparison.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Case, accents, width and punctuation folded: "Nº de  Reuniões (6 M)" → "no de reunioes 6 m".
///
/// Letters and digits of any script stay; everything else becomes one space between words. `ß` is "ss", `ø` "o",
/// `ł` "l", `æ` "ae", `œ` "oe"; accents fall away (ü → u), and who needs "ue" asks for both.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    // most cells of most lists
    if text.is_ascii() {
        for byte in text.bytes() {
            if !byte.is_ascii_alphanumeric() {
                gap = true;
                continue;
            }
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(char::from(byte.to_ascii_lowercase()));
        }
        return folded;
    }
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        if matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}') {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ı' => folded.push('i'),
            'đ' => folded.push('d'),
            c if is_combining_mark(c) => {}
            c => folded.push(c),
        }
    }
    folded
}

/// Case, accents, width and blanks folded; punctuation counts: "A+" and "A" are two words, "A  +" and "a +" are one.
pub fn word_key(text: &str) -> String {
    let visible =
        text.nfkd().filter(|&c| !is_combining_mark(c) && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}'));
    let folded: String = visible.flat_map(char::to_lowercase).filter(|&c| !is_combining_mark(c)).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The known word that is most like another, if any is like it.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.map(|known| (strsim::normalized_damerau_levenshtein(word, known), known));
    near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(likeness, _)| *likeness > 0.4).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn folding() {
        for (text, folded) in [
            ("  Nº de\u{a0}Reuniões\n(6 M) ", "no de reunioes 6 m"),
            ("Größe & Œuvre", "grosse oeuvre"),
            ("ＣＬＩＥＮＴ", "client"),
            ("Łódź—Ørsted", "lodz orsted"),
            ("İstanbul", "istanbul"),
            ("E-mail\u{200b}adres", "e mailadres"),
            ("---", ""),
            (" Next-Step: (Q3) ", "next step q3"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
