using ServerlessCA.Core.Access;
using ServerlessCA.Core.Operations;
using ServerlessCA.Core.Pipeline;
using ServerlessCA.Core.Settings;
using Xunit;

namespace ServerlessCA.Core.Tests.Operations;

/// <summary>Tests contract sections 1 and 4: the one list of the functions.</summary>
public sealed class OperationTests
{
    private static readonly CaNames Names = new("serverless", "prd", ["prd"]);

    [Fact]
    public void Every_function_has_one_place_in_the_list() =>
        Assert.Equal(Enum.GetValues<CaFunction>(), Operation.All.Select(operation => operation.Function));

    [Fact]
    public void The_names_are_those_of_the_contract() => Assert.Equal(
        "create-root-ca create-issuing-ca root-ca-crl issuing-ca-crl tls-cert expiry notify", string.Join(' ', Operation.All.Select(operation => operation.Name)));

    [Fact]
    public void A_run_goes_through_them_in_the_order_of_the_contract()
    {
        Assert.Equal(
            "create-root-ca root-ca-crl create-issuing-ca issuing-ca-crl tls-cert expiry", string.Join(' ', Operation.Pipeline.Select(operation => operation.Name)));
        Assert.Equal(Operation.Pipeline.Select(operation => operation.Function), RunPipeline.Steps);
        Assert.All(Operation.Pipeline, operation => Assert.True(operation is { State: not null, Step: not null, Level: not null }, operation.Name));
    }

    [Fact]
    public void A_full_name_always_has_the_environment_and_finds_its_function()
    {
        Assert.Equal("serverless-tls-cert-prd", Names.Function(CaFunction.TlsCert));
        Assert.All(Operation.Callable, operation => Assert.Same(operation, Operation.Find(Names, Names.Function(operation.Function))));
        Assert.Null(Operation.Find(Names, "serverless-TLS-CERT-prd"));
        Assert.Null(Operation.Find(Names, "serverless-tls-cert-dev"));
    }

    [Fact]
    public void Notify_is_the_topics_alone()
    {
        Assert.Null(Operation.Find(Names, Names.Function(CaFunction.Notify)));
        Assert.Equal("no caller runs 'notify': the topic does", CallerRights.Everything.WhyNot(CaFunction.Notify));
    }

    [Fact]
    public void Asking_for_certificates_admits_to_no_other_function()
    {
        CallerRights rights = CallerRights.Of(AccessLevel.Request, null, []);

        Assert.Equal([CaFunction.TlsCert], Operation.All.Select(operation => operation.Function).Where(function => rights.WhyNot(function) is null));
        Assert.Equal([CaFunction.TlsCert], Operation.All.Where(operation => operation.Answers).Select(operation => operation.Function));
    }
}
