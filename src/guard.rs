//! A panic costs one workbook: it is caught, and the panic hook knows to keep silent.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does the work; a panic becomes its message.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let before = GUARDED.replace(true);
    // what a panic leaves half done is dropped with the workbook
    let result = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    result.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        text.unwrap_or("no message").to_owned()
    })
}

/// Whether a panic on this thread is caught and reported as one workbook's trouble: nothing for a panic hook to print.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_message_and_the_guard_ends_with_the_work() {
        assert_eq!(guarded(is_guarded), Ok(true));
        assert_eq!(guarded(|| -> u8 { panic!("no {}", "luck") }), Err("no luck".to_owned()));
        let nested = guarded(|| {
            let inner = guarded(|| -> u8 { panic!("inner") });
            (inner, is_guarded())
        });
        assert_eq!(nested, Ok((Err("inner".to_owned()), true)));
        assert!(!is_guarded());
    }
}
