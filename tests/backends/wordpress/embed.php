<?php
/* Plugin Name: Elements of a portal
 * EMBED=address: the thread of the portal at that address under every post, as a web team would paste it. */

if ($portal = getenv('EMBED')) {
    add_filter('the_content', function ($html) use ($portal) {
        if (!is_singular('post') || defined('REST_REQUEST')) {
            return $html;
        }
        $script = '<script type="module" src="%sembed/v1/embed.js"></script>';
        $thread = '<haidang-comments article="%d" heading-level="2"></haidang-comments>';
        return $html . sprintf($script . $thread, esc_url($portal), get_the_ID());
    }, 99);
}
