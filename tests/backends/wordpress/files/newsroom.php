<?php
/* Plugin Name: Newsroom
 * What a newspaper would have switched on, and nothing leaves the machine. */

add_filter('rest_allow_anonymous_comments', '__return_true');
add_filter('comment_flood_filter', '__return_false'); // tests post quickly
add_filter('wp_is_application_passwords_available', '__return_true');
add_filter('application_password_is_api_request', '__return_true');
add_filter('pre_wp_mail', '__return_true');
add_filter('pre_http_request', fn() => new WP_Error('offline', 'offline'));

// COMMENTS=name: no e-mail is asked for, and who was published before does not matter.
if (getenv('COMMENTS') === 'name') {
    add_filter('pre_option_require_name_email', fn() => '0');
    add_filter('pre_option_comment_previously_approved', fn() => '0');
}

// Bodies hold whole addresses, as WordPress writes them; the port is that of the day they were seeded.
add_filter('the_content', fn($html) => preg_replace('~http://127\.0\.0\.1:\d+~', home_url(), $html));

add_action('init', function () {
    register_post_type('document', [
        'label' => 'Documents', 'public' => true, 'has_archive' => true,
        'show_in_rest' => true, 'rest_base' => 'documents',
        'supports' => ['title', 'editor', 'excerpt', 'custom-fields'],
    ]);
    register_taxonomy('language', ['post', 'document'], [
        'public' => true, 'show_in_rest' => true, 'rest_base' => 'languages', 'rewrite' => ['slug' => 'lang'],
    ]);
    $text = ['show_in_rest' => true, 'single' => true, 'type' => 'string'];
    // `original` is the language that a version was translated from, its own if it was not.
    foreach (['subtitle', 'byline', 'original'] as $key) {
        register_post_meta('post', $key, $text);
    }
    foreach (['number', 'issued', 'effective', 'issuer', 'kind', 'status'] as $key) {
        register_post_meta('document', $key, $text);
    }
});

// Languages as Polylang Pro shows them: `lang`, `translations` and `?lang=`. Documents can also be
// asked for by issuer and kind.
add_action('rest_api_init', function () {
    foreach (['post', 'document'] as $type) {
        register_rest_field($type, 'lang', ['get_callback' => function ($post) {
            $terms = get_the_terms($post['id'], 'language');
            return is_array($terms) ? $terms[0]->slug : null;
        }]);
        register_rest_field($type, 'translations', [
            'get_callback' => fn($post) => (object) (get_post_meta($post['id'], '_translations', true) ?: []),
        ]);
        add_filter("rest_{$type}_query", function ($query, $request) {
            if ($lang = $request['lang']) {
                $query['tax_query'][] = ['taxonomy' => 'language', 'field' => 'slug', 'terms' => explode(',', $lang)];
            }
            foreach (['issuer', 'kind'] as $key) {
                if ($value = $request[$key]) {
                    $query['meta_query'][] = ['key' => $key, 'value' => $value];
                }
            }
            return $query;
        }, 10, 2);
    }
    register_rest_field('document', 'file', ['get_callback' => function ($post) {
        $id = (int) get_post_meta($post['id'], '_file', true);
        return $id ? [
            'id' => $id,
            'url' => wp_get_attachment_url($id),
            'mime_type' => get_post_mime_type($id),
            'bytes' => filesize(get_attached_file($id)),
        ] : null;
    }]);
});
