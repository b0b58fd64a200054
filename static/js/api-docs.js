// Starts Swagger UI over our schema. It only shows: no request can be sent from the page.
const place = document.getElementById("reference");
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  supportedSubmitMethods: [],
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  deepLinking: false,
});
