using StreamSegmenter.Cmd.Tests.Support;

namespace StreamSegmenter.Cmd.Tests.Suppressions;

/// <summary><c>segctl suppressions</c>: what it asks of a node, and what it makes of the answer.</summary>
public sealed class SuppressionsTests
{
    private const string Secret = "a secret of this test";

    [Fact]
    public async Task An_address_is_added_with_the_secret()
    {
        using var node = new OneAnswer(200, """{"channel":"email","address":"ann@example.com","added":true}""");

        var answer = await RunAsync(node, "add", "Ann@example.com", "--reason", "asked by \"letter\"");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldBe(["ann@example.com added"]);
        string request = await node.Request;
        request.ShouldStartWith("PUT /v1/suppressions HTTP/1.1\r\n");
        request.ShouldContain($"Authorization: Bearer {Secret}\r\n");
        request.ShouldEndWith(
            """{"channel":"email","address":"Ann@example.com","reason":"asked by \u0022letter\u0022","source":"segctl"}"""
        );
    }

    [Fact]
    public async Task An_address_is_removed_or_was_not_there()
    {
        using var node = new OneAnswer(200, """{"channel":"sms","address":"+49 1","removed":false}""");

        var answer = await RunAsync(node, "remove", "+49 1", "--channel", "sms");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldBe(["+49 1 was not on the list"]);
        (await node.Request).ShouldStartWith("DELETE /v1/suppressions?channel=sms&address=%2B49%201 HTTP/1.1\r\n");
    }

    [Fact]
    public async Task The_list_is_a_line_an_address()
    {
        using var node = new OneAnswer(
            200,
            """
            {"suppressions":[
            {"channel":"email","address":"a@x","since":"2026-03-01T09:30:00.000Z","reason":"5.1.1","source":"connector m"},
            {"channel":"email","address":"b@x","since":"2026-03-02T09:30:00.000Z","reason":"","source":"api"}],
            "more":false}
            """
        );

        var answer = await RunAsync(node, "list");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.OutputLines.ShouldBe([
            "a@x  2026-03-01T09:30:00.000Z  connector m  5.1.1",
            "b@x  2026-03-02T09:30:00.000Z  api",
        ]);
    }

    [Fact]
    public async Task What_the_node_refuses_is_said()
    {
        using var node = new OneAnswer(400, """{"error":"name an address"}""");

        var answer = await RunAsync(node, "add", "x");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldContain("says: name an address");
        answer.Error.ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("{}", "list")]
    [InlineData("[]", "list")]
    [InlineData("{\"suppressions\":[1],\"more\":false}", "list")]
    [InlineData("{\"suppressions\":{},\"more\":false}", "list")]
    [InlineData("{\"added\":\"yes\"}", "add", "x")]
    public async Task Another_answer_is_said_to_be_one(string body, params string[] arguments)
    {
        using var node = new OneAnswer(200, body);

        var answer = await RunAsync(node, arguments);

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe($"{node.Address}/ answered something else: name the address of a node's api.listen\n");
    }

    private static Task<SegctlAnswer> RunAsync(OneAnswer node, params string[] arguments) =>
        SegctlRun.InProcessAsync(default, ["suppressions", .. arguments, "--node", node.Address, "--secret", Secret]);
}
