<?php
// php install.php SITE: makes the tables, the administrator and the form of addresses.
[, $site] = $argv;
define('WP_INSTALLING', true);
require "$site/wp-load.php";
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Hải Đăng Daily', 'admin', 'admin@example.org', true, '', 'admin-pass');
$wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
