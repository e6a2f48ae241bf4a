package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers a domain has, and in which order. */
class MxFinderTest {

    private final List<Names.Exchanger> exchangers = new ArrayList<>();
    private final Map<String, CompletionStage<List<InetAddress>>> hosts = new HashMap<>();
    private final Set<InetAddress> own = new HashSet<>();

    private void mx(int preference, String host, int last) {
        exchangers.add(new Names.Exchanger(preference, host));
        hosts.put(host, CompletableFuture.completedFuture(List.of(address(last))));
    }

    private void problem(int preference, String host, boolean forever) {
        exchangers.add(new Names.Exchanger(preference, host));
        hosts.put(host, CompletableFuture.failedFuture(new Unroutable(forever, forever ? "5.1.2" : "4.4.3", host)));
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> find(String domain) {
        Names names = new Names() {
            @Override
            public CompletionStage<List<Exchanger>> exchangers(String asked) {
                return CompletableFuture.completedFuture(exchangers);
            }

            @Override
            public CompletionStage<List<String>> texts(String name) {
                throw new AssertionError(name);
            }

            @Override
            public CompletionStage<List<InetAddress>> addresses(String host) {
                return hosts.get(host);
            }
        };
        return new MxFinder(domain, 25, "me.test", names, own::contains)
                .find().toCompletableFuture().join().stream()
                        .map(Endpoint::host)
                        .toList();
    }

    private Unroutable refusal(String domain) {
        return Unroutable.of(catchThrowable(() -> find(domain)));
    }

    @Test
    void byPreference() {
        mx(20, "b.test", 2);
        mx(10, "a.test", 1);
        mx(30, "c.test", 3);
        assertThat(find("example.org")).containsExactly("a.test", "b.test", "c.test");
    }

    @Test
    void equalOnesInAnyOrder() {
        mx(10, "a.test", 1);
        mx(10, "b.test", 2);
        mx(20, "c.test", 3);
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            orders.add(find("example.org"));
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("a.test", "b.test", "c.test"), List.of("b.test", "a.test", "c.test"));
    }

    @Test
    void whatIsBehindThisSystemIsLeftOut() {
        mx(10, "a.test", 1);
        mx(20, "ME.test", 2);
        mx(20, "b.test", 3);
        mx(30, "c.test", 4);
        assertThat(find("example.org")).containsExactly("a.test");
    }

    @Test
    void alsoKnownByItsAddress() {
        mx(10, "a.test", 1);
        own.add(address(1));
        mx(20, "b.test", 2);
        Unroutable why = refusal("example.org");
        assertThat(why.isForever()).isTrue();
        assertThat(why.reply().status()).isEqualTo("5.4.6");
        own.add(address(9));
        assertThat(refusal("[192.0.2.9]").reply().status()).isEqualTo("5.4.6");
    }

    @Test
    void oneWithoutAnAddressDoesNotHinderTheOthers() {
        problem(10, "a.test", false);
        problem(20, "b.test", true);
        mx(30, "c.test", 3);
        assertThat(find("example.org")).containsExactly("c.test");
    }

    @Test
    void whoCannotBeLookedUpNowMayBeLater() {
        problem(10, "a.test", true);
        problem(20, "b.test", false);
        assertThat(refusal("example.org").isForever()).isFalse();
    }

    @Test
    void whereNobodyHasAnAddressMailFails() {
        problem(10, "a.test", true);
        assertThat(refusal("example.org").reply().status()).isEqualTo("5.4.4");
    }

    @Test
    void internationalNamesAreLookedUpInAscii() {
        hosts.put("xn--mller-kva.test", CompletableFuture.completedFuture(List.of(address(1))));
        assertThat(find("müller.test")).containsExactly("xn--mller-kva.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "straße.test", "[nonsense]", "[IPv6:x]"})
    void whatIsNoDomainFails(String domain) {
        assertThat(refusal(domain).isForever()).isTrue();
        assertThat(refusal(domain).reply().status()).isEqualTo("5.1.2");
    }

    @Test
    void addressesInBracketsAreTaken() {
        assertThat(find("[192.0.2.7]")).containsExactly("192.0.2.7");
        assertThat(find("[IPv6:2001:db8::7]")).containsExactly("2001:db8::7");
    }
}
