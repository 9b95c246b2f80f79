/** The page that shows the document. It loads files of this service only: no internet needed. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rowlock API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/**
 * A separate file: the page's content security policy forbids inline scripts. The examples name the newest
 * event of this service, or the one that was created on the page, so that they work as they are. Refusals
 * are folded, because an operation has a dozen of them.
 */
export const START = String.raw`const CREATED = /\/(?:initialize|v1\/events)$/;

/** The values of these keys and parameters anywhere in the examples. */
function valuesOf(part, names, found = new Set()) {
  if (typeof part !== 'object' || part === null) return found;
  if (names.includes(part.name) && typeof part.example === 'string') found.add(part.example);
  for (const [key, value] of Object.entries(part)) {
    if (names.includes(key) && typeof value === 'string') found.add(value);
    valuesOf(value, names, found);
  }
  return found;
}

/** The document, with examples about this event. */
function about(event, spec) {
  const { parameters = [] } = spec.paths['/v1/events/{id}'].get;
  const events = [...valuesOf(spec, ['eventId']), ...valuesOf(parameters, ['id'])];
  let text = JSON.stringify(spec);
  for (const id of events) text = text.replaceAll(id, event.id);
  for (const id of valuesOf(spec, ['sectionId'])) text = text.replaceAll(id, event.sections[0].id);
  return JSON.parse(text);
}

/** Undefined if there is none, or if an API key is needed to know. */
async function newestEvent() {
  const response = await fetch('/v1/events?status=PUBLISHED&limit=1');
  return response.ok ? (await response.json()).data[0] : undefined;
}

/** Shows a refusal as one line, which opens at a click. */
const foldRefusals = () => ({
  wrapComponents: {
    response: (Original, { React: { createElement } }) => (props) => {
      if (!/^[45]/.test(props.code)) return createElement(Original, props);
      const description = props.response?.get('description') ?? '';
      const codes = [...description.matchAll(/^\x60(\w+)\x60/gm)].map(([, code]) => code);
      const whole = createElement('table', null, createElement('tbody', null, createElement(Original, props)));
      const folded = createElement('details', null, createElement('summary', null, codes.join(', ') || 'refused'), whole);
      return createElement('tr', { className: 'response refusal' },
        createElement('td', { className: 'response-col_status' }, props.code),
        createElement('td', { colSpan: 2 }, folded));
    },
  },
});

const isInitialize = (operation) => Number(operation.get('path') === '/initialize');

async function start() {
  const [spec, event] = await Promise.all([
    fetch('/openapi.json').then((response) => response.json()),
    newestEvent(),
  ]);
  const ui = SwaggerUIBundle({
    spec: event === undefined ? spec : about(event, spec),
    dom_id: '#api',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    validatorUrl: null,
    operationsSorter: (a, b) => isInitialize(b) - isInitialize(a),
    plugins: [foldRefusals],
    responseInterceptor: (response) => {
      if (response.status === 201 && CREATED.test(response.url)) {
        ui.specActions.updateJsonSpec(about(response.obj, spec));
      }
      return response;
    },
  });
}

start();
`;
