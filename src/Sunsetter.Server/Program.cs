var t = DotLiquid.Template.Parse("Hello {{ name | upcase }} {% for i in (1..3) %}{{ i }}{% endfor %}"); 
Console.WriteLine(t.Render(DotLiquid.Hash.FromAnonymousObject(new { name = "ada" })));
