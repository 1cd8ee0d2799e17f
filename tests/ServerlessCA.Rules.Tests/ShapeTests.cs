using System.Reflection;
using System.Runtime.CompilerServices;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Core.Ports;

namespace ServerlessCA.Rules.Tests;

/// <summary>How code of this project looks (CONTRIBUTING.md).</summary>
public sealed class ShapeTests
{
    private const int MaxLines = 400;

    [Fact]
    public void A_source_file_has_at_most_400_lines()
    {
        string[] large = [.. SourceTree.Files().Where(file => File.ReadLines(file).Count() > MaxLines)
            .Select(file => $"{Path.GetRelativePath(Repository.Root, file)} ({File.ReadLines(file).Count()})")];

        Assert.Empty(large);
    }

    [Fact]
    public void Public_types_of_the_core_cannot_be_changed_from_outside()
    {
        string[] mutable = [.. typeof(IssueCertificate).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true } setter && !IsInit(setter))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}")];

        Assert.Empty(mutable);
    }

    [Fact]
    public void Public_classes_of_the_core_are_sealed_static_or_closed_but_the_ledger_that_hands_calls_on()
    {
        string[] open = [.. typeof(IssueCertificate).Assembly.GetExportedTypes()
            .Where(type => type.IsClass && !type.IsSealed && !(type.IsAbstract && HasNoOpenConstructor(type)))
            .Select(type => type.Name)];

        Assert.Equal([nameof(ForwardingLedger)], open);
    }

    [Fact]
    public void Source_files_are_found() => Assert.True(SourceTree.Files().Count() > 50);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    // Private or internal constructors close the set; the copy constructor of a record does not open it.
    private static bool HasNoOpenConstructor(Type type) => type
        .GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type)
        .All(constructor => constructor.IsPrivate || constructor.IsAssembly || constructor.IsFamilyAndAssembly);
}
