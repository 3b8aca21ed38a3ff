using System.Collections;
using System.Runtime.CompilerServices;
using Sunsetter.Server.Console;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Console;

public sealed class FactSentenceTests
{
    public static TheoryData<string> Kinds() => [.. FactKinds.Names];

    /// <summary>Write the sentence of a new fact in <c>Console/Sentences/&lt;Stage&gt;Sentences.cs</c>.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Every_kind_of_fact_has_a_sentence_in_both_languages(string kind)
    {
        var type = typeof(Fact).Assembly.GetTypes().Single(type => type.IsAssignableTo(typeof(Fact)) && !type.IsAbstract && FactKinds.NameOf(type) == kind);

        var found = FactSentence.Find((Fact)Sample(type)!);

        Assert.True(found.HasValue, $"Write the sentence of {type.Name} in Console/Sentences/.");
        var sentence = found.Value;
        Assert.Matches("[A-Za-z]{3}", sentence.En);
        Assert.Matches(@"[\u4e00-\u9fff]", sentence.Zh);
        Assert.DoesNotContain(type.Name, sentence.En);
    }

    [Fact]
    public void A_changed_closing_day_is_told_with_its_reason()
    {
        var fact = new RetirementScheduled(new Schedule(new DateOnly(2027, 3, 1), new TimeOnly(10, 0), "Asia/Shanghai", new DateOnly(2027, 1, 1), 14), "Huaxin Bank needs the year-end.");

        Assert.Equal("The plan has changed, with 1 Mar 2027 as the closing day: Huaxin Bank needs the year-end.", FactSentence.Of(fact).En);
    }

    // A value of any type a fact may hold, filled so that no part is null.
    private static object? Sample(Type type)
    {
        if (type == typeof(string))
            return "sample";
        if (type == typeof(Text))
            return new Text("sample", "样例");
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Sample(inner);
        if (type == typeof(DateOnly))
            return new DateOnly(2027, 3, 1);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0);
        if (type.IsArray)
            return Array.CreateInstance(type.GetElementType()!, 0);
        if (type.Namespace == "System.Collections.Immutable")
            return type.GetField("Empty")!.GetValue(null);
        if (type.IsInterface || type.IsAssignableTo(typeof(IEnumerable)))
            return type.IsGenericType ? Array.CreateInstance(type.GetGenericArguments()[0], 0) : null;
        if (type.IsPrimitive || type.Namespace == "System")
            return RuntimeHelpers.GetUninitializedObject(type);
        var constructor = type.GetConstructors().Where(one => !one.GetParameters().Any(parameter => parameter.ParameterType == type)).MaxBy(one => one.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
    }
}
