//! Icons from heroicons, by the names that templates use.

use std::sync::LazyLock;

use heroicons::{
    Icon,
    icon_name::{
        ArrowDownTray, ArrowPath, ArrowRightOnRectangle, ArrowUpTray, Check, CheckCircle, ChevronDown, ChevronLeft, ChevronRight, Clock,
        EllipsisVertical, Envelope, ExclamationTriangle, InformationCircle, Link, MagnifyingGlass, Moon, Pencil, Phone, Plus, Sun, User, Users,
        XMark,
    },
    icon_variant::Mini,
};

/// An icon ready for a page.
struct Drawn {
    name: &'static str,
    inline: String,
    symbol: String,
    again: String,
}

macro_rules! drawn {
    ($($name:literal => $icon:ident),+ $(,)?) => {
        vec![$(draw($name, &Icon { name: $icon, variant: Mini, ..Default::default() }.to_string())),+]
    };
}

static ICONS: LazyLock<Vec<Drawn>> = LazyLock::new(|| {
    drawn! {
        "plus" => Plus,
        "envelope" => Envelope,
        "dots-vertical" => EllipsisVertical,
        "check" => Check,
        "check-circle" => CheckCircle,
        "warning" => ExclamationTriangle,
        "info" => InformationCircle,
        "x" => XMark,
        "user" => User,
        "users" => Users,
        "phone" => Phone,
        "arrow-down-tray" => ArrowDownTray,
        "arrow-up-tray" => ArrowUpTray,
        "link" => Link,
        "clock" => Clock,
        "magnifier" => MagnifyingGlass,
        "sun" => Sun,
        "moon" => Moon,
        "chevron-down" => ChevronDown,
        "chevron-left" => ChevronLeft,
        "chevron-right" => ChevronRight,
        "leave" => ArrowRightOnRectangle,
        "pencil" => Pencil,
        "refresh" => ArrowPath,
    }
});

/// Keeps the drawing and gives it the page's own frame: sized by the style sheet, silent for screen readers.
fn draw(name: &'static str, svg: &str) -> Drawn {
    let drawing = svg.find('>').zip(svg.rfind("</svg>")).map_or("", |(start, end)| &svg[start + 1..end]);
    Drawn {
        name,
        inline: format!("<svg class=\"i\" viewBox=\"0 0 20 20\" aria-hidden=\"true\" focusable=\"false\">{drawing}</svg>"),
        symbol: format!("<symbol id=\"i-{name}\" viewBox=\"0 0 20 20\">{drawing}</symbol>"),
        again: format!("<svg class=\"i\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#i-{name}\"/></svg>"),
    }
}

fn find(name: &str) -> Option<&'static Drawn> {
    let found = ICONS.iter().find(|icon| icon.name == name);
    debug_assert!(found.is_some(), "there is no icon {name}");
    found
}

/// The icon as an element of its own.
pub fn icon(name: &str) -> &'static str {
    find(name).map_or("", |icon| &icon.inline)
}

/// The drawings of icons that a page repeats, once; `names` are separated by spaces.
pub fn sprite(names: &str) -> String {
    let symbols: String = names.split(' ').filter_map(find).map(|icon| icon.symbol.as_str()).collect();
    format!("<svg class=\"vh\" aria-hidden=\"true\" focusable=\"false\">{symbols}</svg>")
}

/// The icon by reference to its page's [`sprite`].
pub fn again(name: &str) -> &'static str {
    find(name).map_or("", |icon| &icon.again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_has_a_drawing() {
        for drawn in ICONS.iter() {
            assert!(drawn.inline.contains("<path"), "{}", drawn.name);
            assert!(!drawn.inline.contains("style="), "{}: the content security policy forbids inline style", drawn.name);
        }
    }
}
