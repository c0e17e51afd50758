//! A message and the lines of configuration in it, told apart: a sentence may be broken anywhere, a line that somebody is to
//! copy may not.

/// The message with "the line below" in place of each line of configuration in it, and these lines.
pub fn told_apart(message: &str) -> (String, Vec<&str>) {
    let mut pieces = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = message;
    while let Some(start) = rest.find("[[") {
        let length = line_length(&rest[start..]);
        if length == 0 {
            // brackets of somebody's name
            pieces.push((&rest[..start + 2], None));
            rest = &rest[start + 2..];
            continue;
        }
        let line = &rest[start..start + length];
        let place = lines.iter().position(|other| *other == line).unwrap_or_else(|| {
            lines.push(line);
            lines.len() - 1
        });
        pieces.push((&rest[..start], Some(place)));
        rest = &rest[start + length..];
    }
    let mut text = String::new();
    for (words, place) in pieces {
        text.push_str(words);
        match place {
            Some(_) if lines.len() == 1 => text.push_str("the line below"),
            Some(place) => text.push_str(&format!("line {} below", place + 1)),
            None => {}
        }
    }
    text.push_str(rest);
    (text, lines)
}

/// How long the line is with which the text begins: `[[table]] key = value, key = value`; 0 if it does not begin with one.
fn line_length(text: &str) -> usize {
    let name = |text: &str| text.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
    let Some(inside) = text.strip_prefix("[[") else { return 0 };
    let table = name(inside);
    if table == 0 || !inside[table..].starts_with("]] ") {
        return 0;
    }
    let mut at = "[[".len() + table + "]] ".len();
    let mut end = 0;
    loop {
        let key = name(&text[at..]);
        let Some(value) = text[at + key..].strip_prefix(" = ").filter(|_| key > 0) else { return end };
        let length = value_length(value);
        if length == 0 {
            return end;
        }
        end = at + key + " = ".len() + length;
        match text[end..].strip_prefix(", ") {
            Some(_) => at = end + ", ".len(),
            None => return end,
        }
    }
}

/// How long the value is with which the text begins: a string, a number, or a list or table of them.
fn value_length(text: &str) -> usize {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return at + 1;
                }
            }
            _ if quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 1 => return at + 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_ascii_digit() => return at,
            _ => {}
        }
    }
    if quoted || depth > 0 { 0 } else { text.len() }
}

#[cfg(test)]
mod tests {
    use super::told_apart;
    use crate::proposal::Proposal;

    #[test]
    fn lines_are_told_from_the_sentence_around_them() {
        let odd = Proposal::columns("a[1] {x}.xlsx", "Q&A \"[[x]] y = 1\"", [("Kon\"tak\\te, = {", None)]).to_string();
        let row = Proposal::header_row("a.xlsx", "A", 3).to_string();
        let names = Proposal::same(&["Acme, Inc.", "ACME ]] \"Holding\""]).to_string();
        for line in [&odd, &row, &names] {
            for (before, after) in
                [("", ""), ("If so, add: ", ""), ("add: ", "; or header_row = 5"), ("[[x]] is ", ".")]
            {
                let message = format!("{before}{line}{after}");
                let (text, lines) = told_apart(&message);
                assert_eq!((text, lines), (format!("{before}the line below{after}"), vec![line.as_str()]));
            }
        }
        let message = format!("Add: {odd}; if not, add: {row}; again {odd}");
        let (text, lines) = told_apart(&message);
        assert_eq!(text, "Add: line 1 below; if not, add: line 2 below; again line 1 below");
        assert_eq!(lines, [&odd, &row]);
        for plain in ["no line", "[[", "[[mapping]]", "[[mapping]] file", "[[mapping]] file = \"open", "[[Ä]] ä = 1"]
        {
            assert_eq!(told_apart(plain), (plain.to_owned(), Vec::new()));
        }
    }
}
