// The collections of a newsroom: what seed.mjs makes before it fills them.

const id = { field: 'id', type: 'integer', schema: { is_primary_key: true, has_auto_increment: true }, meta: { hidden: true } };
const uuid = { field: 'id', type: 'uuid', schema: { is_primary_key: true }, meta: { special: ['uuid'] } };
const field = (name, type, meta = {}, schema = {}) => ({ field: name, type, meta, schema });
const fields = (type, ...names) => names.map((name) => field(name, type));
const alias = (name, special) => field(name, 'alias', { special: [special] });
const flag = (name) => field(name, 'boolean', { special: ['cast-boolean'] });
const file = (name) => field(name, 'uuid', { special: ['file'] });

/** Collections by name, with their fields. */
export const collections = {
  languages: [
    { field: 'code', type: 'string', schema: { is_primary_key: true }, meta: {} },
    ...fields('string', 'name', 'direction'),
  ],
  authors: [uuid, ...fields('string', 'name', 'slug'), field('bio', 'text')],
  sections: [id, field('slug', 'string'), ...fields('integer', 'sort', 'parent'), alias('translations', 'translations')],
  sections_translations: [id, field('sections_id', 'integer'), ...fields('string', 'languages_code', 'name')],
  tags: [id, ...fields('string', 'name', 'slug')],
  articles: [
    uuid,
    field('status', 'string', {}, { default_value: 'draft' }),
    ...fields('string', 'slug', 'original_language'),
    field('date_published', 'timestamp'),
    field('date_created', 'timestamp', { special: ['date-created'] }),
    field('section', 'integer'),
    file('cover'),
    field('cover_caption', 'text'),
    flag('comments_open'),
    flag('featured'),
    alias('translations', 'translations'),
    alias('authors', 'm2m'),
    alias('tags', 'm2m'),
    alias('comments', 'o2m'),
  ],
  articles_translations: [
    id,
    field('articles_id', 'uuid'),
    ...fields('string', 'languages_code', 'title', 'slug'),
    ...fields('text', 'summary', 'body'),
    field('blocks', 'json', { special: ['cast-json'] }),
    field('updated', 'timestamp'),
  ],
  articles_authors: [id, ...fields('uuid', 'articles_id', 'authors_id'), field('sort', 'integer')],
  articles_tags: [id, field('articles_id', 'uuid'), field('tags_id', 'integer')],
  documents: [
    uuid,
    ...fields('string', 'slug', 'number', 'issuer', 'kind', 'status'),
    ...fields('date', 'issued', 'effective'),
    field('summary', 'text'),
    file('file'),
    alias('translations', 'translations'),
  ],
  documents_translations: [id, field('documents_id', 'uuid'), ...fields('string', 'languages_code', 'title')],
  comments: [
    id,
    field('article', 'uuid'),
    field('parent', 'integer'),
    field('language', 'string'),
    field('author_name', 'string', { required: true }, { is_nullable: false }),
    field('author_email', 'string'),
    field('body', 'text', { required: true }, { is_nullable: false }),
    field('state', 'string', {}, { default_value: 'pending' }),
    field('created_on', 'timestamp', {}, { default_value: 'CURRENT_TIMESTAMP' }),
    alias('replies', 'o2m'),
  ],
};

/** Relations: collection, field, what it points at, and how the other side sees it. */
export const relations = [
  ['sections', 'parent', 'sections', {}],
  ['sections_translations', 'sections_id', 'sections', { one_field: 'translations', junction_field: 'languages_code' }],
  ['sections_translations', 'languages_code', 'languages', { junction_field: 'sections_id' }],
  ['articles', 'section', 'sections', {}],
  ['articles', 'cover', 'directus_files', {}],
  ['articles_translations', 'articles_id', 'articles', { one_field: 'translations', junction_field: 'languages_code' }],
  ['articles_translations', 'languages_code', 'languages', { junction_field: 'articles_id' }],
  ['articles_authors', 'articles_id', 'articles', { one_field: 'authors', junction_field: 'authors_id', sort_field: 'sort' }],
  ['articles_authors', 'authors_id', 'authors', { junction_field: 'articles_id' }],
  ['articles_tags', 'articles_id', 'articles', { one_field: 'tags', junction_field: 'tags_id' }],
  ['articles_tags', 'tags_id', 'tags', { junction_field: 'articles_id' }],
  ['documents', 'file', 'directus_files', {}],
  ['documents_translations', 'documents_id', 'documents', { one_field: 'translations', junction_field: 'languages_code' }],
  ['documents_translations', 'languages_code', 'languages', { junction_field: 'documents_id' }],
  ['comments', 'article', 'articles', { one_field: 'comments' }],
  ['comments', 'parent', 'comments', { one_field: 'replies' }],
];

const shown = ['id', 'article', 'parent', 'language', 'author_name', 'body', 'created_on', 'state', 'replies'];
const postable = ['article', 'parent', 'language', 'author_name', 'author_email', 'body'];
const wanted = [{ author_name: { _nempty: true } }, { body: { _nempty: true } }, { author_email: { _regex: '^[^@\\s]+@[^@\\s]+$' } }];

/** What anybody may do; a comment of anybody's waits to be published. */
export const permissions = [
  ...Object.keys(collections)
    .filter((name) => name !== 'articles' && name !== 'comments')
    .concat('directus_files')
    .map((collection) => ({ collection, action: 'read', fields: ['*'], permissions: {} })),
  { collection: 'articles', action: 'read', fields: ['*'], permissions: { status: { _eq: 'published' } } },
  { collection: 'comments', action: 'read', fields: shown, permissions: { state: { _eq: 'published' } } },
  {
    collection: 'comments',
    action: 'create',
    fields: postable,
    permissions: {},
    validation: { _and: wanted },
    presets: { state: 'pending' },
  },
];
