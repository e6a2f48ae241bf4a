package io.spooler.dkim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A domain name system of a few names. */
final class FakeTexts implements Texts {

    final List<String> asked = new ArrayList<>();
    private final Map<String, CompletableFuture<List<String>>> answers = new HashMap<>();

    FakeTexts with(String name, String... texts) {
        answers.put(name, CompletableFuture.completedFuture(List.of(texts)));
        return this;
    }

    FakeTexts failing(String name) {
        answers.put(name, CompletableFuture.failedFuture(new IllegalStateException("SERVFAIL")));
        return this;
    }

    FakeTexts silent(String name) {
        answers.put(name, new CompletableFuture<>());
        return this;
    }

    @Override
    public CompletionStage<List<String>> at(String name) {
        asked.add(name);
        return answers.getOrDefault(name, CompletableFuture.completedFuture(List.of()));
    }
}
