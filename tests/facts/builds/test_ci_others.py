"""Jenkins, Travis, Drone, Woodpecker, Bitbucket, Buildkite, AppVeyor, and Vagrant's machines."""

import pytest

from codeanvil.facts.builds import is_build_file, read_build

DECLARATIVE = """@Library('shared') _
pipeline {
  agent { docker { image 'maven:3.9' } }
  environment { A = 'b' }
  stages {
    stage('Build') {
      when { branch 'main' }
      steps {
        sh 'mvn -B package'
        sh \"\"\"
          # all of them
          make test
        \"\"\"
        script {
          def version = sh(script: "git describe", returnStdout: true)
        }
        withCredentials([string(credentialsId: 'x', variable: 'Y')]) {
          bat 'deploy.cmd'
        }
      }
      post { always { junit 'reports/*.xml' } }
    }
    stage("Checks") {
      parallel {
        stage('Lint') {
          agent { docker 'node:20' }
          steps { sh 'npm run lint' }
        }
      }
    }
    stage('Approve') {
      steps { input 'Go on?' }
    }
  }
}
"""
SCRIPTED = """node('linux') {
  checkout scm
  docker.image('gcc:13').inside('-v a:b') {
    sh 'make'
  }
  if (env.SHIP) { sh(script: 'make ship') }
}
"""
TRAVIS = """language: cpp
services: [docker, mysql]
install: pip install conan
script:
  - make
  - make test
jobs:
  include:
    - name: Linux
      os: linux
    - stage: deploy
      install: skip
      script: ./deploy.sh
"""
DRONE = """kind: pipeline
name: default
steps:
- name: test
  image: golang:1.22
  commands:
  - go vet ./...
  - go test ./...
- name: ship
  image: plugins/docker
  depends_on: [test]
services:
- name: db
  image: postgres:16
---
kind: secret
name: token
"""
WOODPECKER = """steps:
  build:
    image: rust:1
    commands: cargo build
"""
BITBUCKET = """image: node:20
definitions:
  steps:
    - step: &test
        name: Test
        script:
          - npm ci
          - npm test
pipelines:
  default:
    - step: *test
    - parallel:
        steps:
          - step:
              script: [npm run lint]
  branches:
    main:
      - step: *test
      - stage:
          name: Shipping
          steps:
            - step:
                name: Deploy
                image: { name: "aws:2" }
                script:
                  - pipe: atlassian/aws-s3-deploy:1.1.0
"""
BUILDKITE = """steps:
  - label: ":hammer: Tests"
    key: tests
    command: make test
    plugins:
      - docker#v5.1:
          image: x
      - cache
  - wait
  - group: Last
    steps:
      - label: Ship
        depends_on: tests
        commands: [make, make ship]
"""
APPVEYOR = """install:
  - cmd: choco install ninja
  - ps: ./prepare.ps1
build_script:
  - cmake --build .
test_script: ctest
"""
VAGRANT = """Vagrant.configure("2") do |config|
  config.vm.box = "ubuntu/jammy64"
  config.vm.box_version = "2024.1"
  # Serves the site.
  config.vm.define "web" do |web|
    web.vm.box = "debian/bookworm64"
    web.vm.provision "shell", inline: "apt-get install -y nginx"
  end
  config.vm.define :db
end
"""
ONE_MACHINE = 'Vagrant.configure("2") do |config|\n  config.vm.box = "debian/bookworm64"\nend\n'


@pytest.mark.parametrize(
    ("path", "text", "jobs", "dependencies"),
    [
        (
            "Jenkinsfile",
            DECLARATIVE,
            [
                ("Build", 6, "mvn -B package && make test && git describe && deploy.cmd", ()),
                ("Lint", 25, "npm run lint", ()),
                ("Approve", 31, "", ()),
            ],
            [("maven", "3.9", 3), ("node", "20", 26)],
        ),
        ("ci/Jenkinsfile.release", SCRIPTED, [("pipeline", 1, "make && make ship", ())], [("gcc", "13", 3)]),
        (
            ".travis.yml",
            TRAVIS,
            [("Linux", 9, "pip install conan && make && make test", ()), ("deploy", 11, "./deploy.sh", ())],
            [("docker", "", 2), ("mysql", "", 2)],
        ),
        (".travis.yml", "language: ruby\nscript: rake\n", [("test", 2, "rake", ())], []),
        (".travis.yml", "language: ruby\n", [], []),
        (".travis.yml", "language: ruby\nscript:\nservices: ~\nbefore_script: null\n", [], []),
        (
            ".drone.yml",
            DRONE,
            [("test", 4, "go vet ./... && go test ./...", ()), ("ship", 9, "", ("test",))],
            [("golang", "1.22", 5), ("plugins/docker", "", 10), ("postgres", "16", 14)],
        ),
        (".woodpecker/build.yaml", WOODPECKER, [("build", 3, "cargo build", ())], [("rust", "1", 3)]),
        (
            "bitbucket-pipelines.yml",
            BITBUCKET,
            [("Test", 5, "npm ci && npm test", ()), ("Step", 15, "npm run lint", ()), ("Deploy", 23, "", ())],
            [("node", "20", 1), ("aws", "2", 24), ("atlassian/aws-s3-deploy", "1.1.0", 26)],
        ),
        (
            ".buildkite/pipeline.yml",
            BUILDKITE,
            [("tests", 2, "make test", ()), ("Ship", 12, "make && make ship", ("tests",))],
            [("docker", "v5.1", 5), ("cache", "", 5)],
        ),
        (
            "appveyor.yml",
            APPVEYOR,
            [("build", 1, "choco install ninja && ./prepare.ps1 && cmake --build .", ()), ("test", 6, "ctest", ())],
            [],
        ),
        (
            "Vagrantfile",
            VAGRANT,
            [("web", 5, "vagrant up web", ()), ("db", 9, "vagrant up db", ())],
            [("ubuntu/jammy64", "2024.1", 2), ("debian/bookworm64", "", 6)],
        ),
        ("Vagrantfile", ONE_MACHINE, [("default", 2, "vagrant up", ())], [("debian/bookworm64", "", 2)]),
    ],
)
def test_jobs_and_what_they_run_in_are_read(path, text, jobs, dependencies):
    assert is_build_file(path)
    facts = read_build(path, text.encode())
    assert facts.problem is None
    assert [(each.name, each.line, each.command, each.links) for each in facts.targets] == jobs
    assert [(each.name, each.version, each.line) for each in facts.dependencies] == dependencies


def test_what_sets_a_machine_up_and_how_it_is_started_is_told():
    facts = read_build("Vagrantfile", VAGRANT.encode())
    assert [target.doc for target in facts.targets] == ["Runs `apt-get install -y nginx`.", ""]
    assert facts.commands == (("run", "vagrant up"),)


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        ("Jenkinsfile", "pipeline {\n  stages {\n", "is not valid Groovy"),
        (".travis.yml", "a: [\n", "is not valid YAML"),
        ("Vagrantfile", "Vagrant.configure('2') do |\n", "is not valid Ruby"),
    ],
)
def test_what_is_not_in_its_format_is_a_problem(path, text, what):
    assert what in read_build(path, text.encode()).problem
