using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements;

public sealed class StoredNamesTests
{
    /// <summary>A stored name is for ever: a log written today must be read in ten years. Add lines; never change one.</summary>
    [Fact]
    public void The_stored_names_of_facts_are_pinned()
    {
        var pinned = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Retirements", "stored-names.txt")).Where(line => line.Length > 0).Order(StringComparer.Ordinal);

        Assert.Equal(pinned, FactKinds.Names.Order(StringComparer.Ordinal));
    }
}
