// Shows openapi.json: operations by tag, then schemas. All text is inserted as text.

const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const contract = await load()
const main = document.querySelector('main')
const nav = document.querySelector('nav')

if (contract) {
  main.append(h('p', {}, ...prose(contract.info.description)))
  for (const tag of contract.tags) group(tag.name, operations(tag.name))
  group('schemas', Object.entries(contract.components.schemas).map(([name, schema]) => schemaArticle(name, schema)))
  document.getElementById(location.hash.slice(1))?.scrollIntoView()
}

async function load() {
  try {
    const answer = await fetch('../openapi.json')
    if (!answer.ok) throw new Error(`openapi.json was answered with ${answer.status}`)
    return await answer.json()
  } catch (failure) {
    const fault = document.getElementById('fault')
    fault.textContent = `${failure.message}; reload the page`
    fault.hidden = false
    return null
  }
}

function group(title, articles) {
  nav.append(h('h2', {}, title))
  main.append(h('h2', {}, title))
  for (const article of articles) {
    nav.append(h('a', { href: `#${article.id}` }, article.dataset.title))
    main.append(article)
  }
}

function operations(tag) {
  const found = []
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const method of METHODS.filter(method => item[method]?.tags.includes(tag))) {
      found.push(operationArticle(method.toUpperCase(), path, item[method], item.parameters ?? []))
      for (const [address, callback] of Object.entries(item[method].callbacks ?? {}).flatMap(([, urls]) => Object.entries(urls))) {
        found.push(operationArticle('POST', address, callback.post, []))
      }
    }
  }
  return found
}

function operationArticle(method, path, operation, shared) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map(resolved)
  const body = operation.requestBody
  return h('article', { id: operation.operationId, 'data-title': operation.operationId },
    h('h3', {}, operation.summary),
    h('p', {}, h('code', {}, `${method} ${path}`), h('span', { class: 'faint' }, ` · ${operation.operationId}`)),
    h('p', {}, ...prose(operation.description)),
    ...section('Parameters', parameters.map(p => row(p.name, p.required, p.schema, p.description, p.in))),
    ...(body ? section(body.required ? 'Body' : 'Body, if any', content(body.content)) : []),
    ...examples(body?.content),
    ...section('Answers', Object.entries(operation.responses).flatMap(([status, answer]) => {
      const { description, headers, content: types } = resolved(answer)
      return [
        h('tr', {}, h('td', { class: 'code' }, status), h('td', {}, ...media(types)), h('td', {}, ...prose(description))),
        ...Object.entries(headers ?? {}).map(([name, header]) => row(name, false, resolved(header).schema, resolved(header).description, 'header')),
      ]
    })))
}

function schemaArticle(name, schema) {
  const parts = [schema, ...(schema.allOf ?? [])]
  const fields = parts.flatMap(part => Object.entries(part.properties ?? {}).map(([field, type]) =>
    row(field, part.required?.includes(field), type, type.description)))
  const bases = parts.filter(part => part.$ref).map(type)
  return h('article', { id: name, 'data-title': name },
    h('h3', { class: 'code' }, name),
    h('p', {}, ...prose(schema.description)),
    bases.length ? h('p', {}, 'All of ', ...bases.flat(), ', and:') : null,
    fields.length || bases.length ? null : h('p', {}, ...type(schema)),
    ...section('Fields', fields))
}

function section(title, rows) {
  return rows.length ? [h('h4', {}, title), h('table', {}, h('tbody', {}, ...rows))] : []
}

function row(name, required, schema, description, place) {
  return h('tr', {},
    h('td', {}, h('code', {}, name), required ? h('span', { class: 'faint' }, ' required') : null, place ? h('span', { class: 'faint' }, ` ${place}`) : null),
    h('td', {}, ...type(schema)),
    h('td', {}, ...prose(description)))
}

function content(types) {
  return Object.entries(types).map(([name, { schema }]) =>
    h('tr', {}, h('td', { class: 'code' }, name), h('td', {}, ...type(schema)), h('td', {}, ...prose(schema.description))))
}

function media(types = {}) {
  return Object.entries(types).flatMap(([name, { schema }]) => [h('span', { class: 'code' }, name), ' ', ...type(schema), h('br')])
}

function examples(types = {}) {
  return Object.values(types).flatMap(({ examples = {} }) => Object.values(examples)).map(resolved).map(example =>
    h('details', {}, h('summary', {}, example.summary ?? 'Example'),
      h('pre', {}, typeof example.value === 'string' ? example.value : JSON.stringify(example.value, null, 2))))
}

/** A schema in a few words; its names are links. */
function type(schema = {}) {
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)
    return [h('a', { class: 'code', href: `#${name}` }, name)]
  }
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.flatMap((choice, i) => [i ? ' or ' : null, ...type(choice)])
  if (schema.items) return [...type(schema.items), h('span', { class: 'faint' }, `[]${limits(schema)}`)]
  const values = schema.enum ?? schema['x-extensible-enum']
  const named = [schema.type ?? 'any'].flat().join(' or ')
  const open = schema['x-extensible-enum'] ? ', and others in later versions' : ''
  return [
    h('span', { class: 'code' }, schema.format ? `${named} (${schema.format})` : named),
    h('span', { class: 'faint' }, values ? `: ${values.join(', ')}${open}` : limits(schema)),
  ]
}

function limits({ minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, default: usual }) {
  const range = (least, most, unit) =>
    least === undefined && most === undefined ? [] : [`${least ?? 0} to ${most ?? '…'}${unit}`]
  const all = [
    ...range(minimum, maximum, ''), ...range(minLength, maxLength, ' characters'), ...range(minItems, maxItems, ' entries'),
    ...(pattern ? [pattern] : []), ...(usual === undefined ? [] : [`default ${usual}`]),
  ]
  return all.length ? ` ${all.join('; ')}` : ''
}

/** Text in which `marked` parts are code. */
function prose(text = '') {
  return text.split('`').map((part, i) => (i % 2 ? h('code', {}, part) : part))
}

function resolved(node) {
  return node.$ref ? node.$ref.slice(2).split('/').reduce((at, key) => at[key], contract) : node
}

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter(child => child !== null))
  return element
}
