//! Starts the site in the page's body.

fn main() {
    haidang::boot::start();
}
