using Fluid;
var parser = new Fluid.FluidParser();
Console.WriteLine(parser.TryParse("Hello {{ name | upcase }} {% for i in (1..3) %}{{ i }}{% endfor %} {% if a == 1 and b contains 'x' %}y{% else %}n{% endif %}", out var t, out var error) + " " + error);
var c = new Fluid.TemplateContext(new { name = "ada" }); Console.WriteLine(Fluid.FluidTemplateExtensions.Render(t, c));
