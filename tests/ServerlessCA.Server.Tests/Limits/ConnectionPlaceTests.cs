using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ServerlessCA.Server.Limits;

namespace ServerlessCA.Server.Tests.Limits;

/// <summary>Checks who gets a connection, and for how long without a request.</summary>
public sealed class ConnectionPlaceTests
{
    private static readonly ConnectionLimits Limits = new(Total: 1000, PerAddress: 250, TimeSpan.FromSeconds(10));

    private readonly FakeTimeProvider clock = new();
    private readonly ConnectionPlaces places;

    public ConnectionPlaceTests() => places = new ConnectionPlaces(Limits, clock, NullLogger.Instance);

    [Fact]
    public void Callers_of_one_address_have_a_quarter_of_the_places()
    {
        Assert.Equal(250, Connect("192.0.2.1", 1000).Count(one => one.IsOpen && !one.Place!.IsReserved));
        Assert.True(Connect("192.0.2.2").IsOpen);
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::ffff:2")]
    public void Addresses_that_one_caller_has_count_as_one(string one, string other)
    {
        Connect(one, 250);

        Assert.True(Connect(other).Place!.IsReserved);
        Assert.False(Connect("2001:db8:0:1::1").Place!.IsReserved);
    }

    [Fact]
    public void Callers_who_are_admitted_do_not_count()
    {
        foreach (FakeConnection connection in Connect("192.0.2.1", 250))
        {
            connection.Place!.Admit();
        }

        Assert.Equal(250, Connect("192.0.2.1", 250).Count(one => !one.Place!.IsReserved));
    }

    [Fact]
    public void While_all_places_are_taken_a_newcomer_is_taken_and_displaces_who_waits_longest()
    {
        for (int i = 1; i <= 20; i++)
        {
            Connect($"192.0.2.{i}", 250);
        }

        FakeConnection reader = Connect("198.51.100.1");
        reader.Place!.Begin();
        FakeConnection[] crowd = [.. Enumerable.Range(1, 20).SelectMany(i => Connect($"192.0.2.{i}", 50))];

        Assert.True(reader.IsOpen); // its request still runs
        Assert.True(Connect("203.0.113.1").IsOpen);
        Assert.Contains(crowd, one => !one.IsOpen);
    }

    [Fact]
    public void Who_is_admitted_on_a_reserved_place_gets_another()
    {
        Connect("192.0.2.1", 250);
        FakeConnection caller = Connect("192.0.2.1");
        Assert.True(caller.Place!.IsReserved);

        caller.Place.Admit();

        Assert.False(caller.Place.IsReserved);
    }

    [Fact]
    public async Task A_connection_without_a_request_is_ended_soon()
    {
        FakeConnection silent = Connect("192.0.2.1");
        FakeConnection busy = Connect("192.0.2.1");
        FakeConnection admitted = Connect("192.0.2.1");
        busy.Place!.Begin();
        admitted.Place!.Admit();

        clock.Advance(TimeSpan.FromSeconds(16));
        await places.EndLateAsync(TestContext.Current.CancellationToken);

        Assert.Equal((false, true, true), (silent.IsOpen, busy.IsOpen, admitted.IsOpen));
        busy.Place.End();
        clock.Advance(TimeSpan.FromSeconds(16));
        await places.EndLateAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (busy.IsOpen, admitted.IsOpen));
    }

    [Fact]
    public async Task A_reserved_place_is_freed_even_if_its_caller_reads_on()
    {
        Connect("192.0.2.1", 250);
        FakeConnection slow = Connect("192.0.2.1");
        slow.Place!.Begin();

        clock.Advance(TimeSpan.FromSeconds(31));
        await places.EndLateAsync(TestContext.Current.CancellationToken);

        Assert.False(slow.IsOpen);
    }

    [Fact]
    public void Places_of_connections_that_ended_are_free()
    {
        foreach (FakeConnection connection in Connect("192.0.2.1", 250))
        {
            connection.End();
        }

        Assert.Equal(250, Connect("192.0.2.1", 250).Count(one => !one.Place!.IsReserved));
    }

    private FakeConnection[] Connect(string address, int count) => [.. Enumerable.Range(0, count).Select(_ => Connect(address))];

    private FakeConnection Connect(string address)
    {
        var connection = new FakeConnection(address);
        connection.Run(places);
        return connection;
    }

    private sealed class FakeConnection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource ended = new();

        public FakeConnection(string address) => RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 40_000);

        public bool IsOpen { get; private set; } = true;

        public ConnectionPlace? Place => Features.Get<ConnectionPlace>();

        public void Run(ConnectionPlaces places) => _ = places.RunAsync(this, _ => ended.Task);

        public void End() => ended.SetResult();

        public override void Abort(ConnectionAbortedException abortReason)
        {
            IsOpen = false;
            ended.TrySetResult();
        }
    }
}
